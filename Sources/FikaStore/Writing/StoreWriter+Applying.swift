import FikaChat
import FikaCRDT
package import FikaLog
package import GRDB

extension StoreWriter {
    /// Verifies what somebody handed over, stores it and puts it into the views.
    ///
    /// - Parameters:
    ///   - sealed: A segment, decoded.
    ///   - isFollowed: Whether more segments come, and ``settleViews(_:)`` after the last one: what
    ///     they outdate is then rebuilt once.
    ///   - db: The writing connection, in a transaction.
    /// - Returns: How many of its ops were new.
    /// - Throws: `LogError` when it does not verify; the transaction is then rolled back.
    package func apply(
        _ sealed: SealedSegment, isFollowed: Bool = false, _ db: Database
    ) throws -> Int {
        let verified = try verify(sealed, db)
        var sqlite = log(db)
        let report = try sqlite.append(verified)
        try take(verified, report, isFollowed: isFollowed, db)
        return report.newRows.count
    }

    /// Verifies a segment with what is held of its replicas.
    func verify(_ sealed: SealedSegment, _ db: Database) throws -> VerifiedSegment {
        let sqlite = log(db)
        let logID = sealed.segment.log
        _ = try catalog.makeRow(of: logID, db)
        var failure: (any Error)?
        let verified = Result { () throws(LogError) in
            try SegmentVerifier.verify(
                sealed,
                known: { replica in
                    do { return try sqlite.card(of: replica, in: logID) } catch { failure = error }
                    return nil
                },
                holds: { replica, seal in
                    do { return try sqlite.holds(seal, of: replica, in: logID) } catch {
                        failure = error
                    }
                    return false
                }, check: ParallelSealCheck.firstInvalid)
        }
        // What could not be looked up says nothing of the ops.
        if let failure { throw failure }
        return try verified.get()
    }

    /// Puts what was appended into the views.
    func take(
        _ verified: VerifiedSegment, _ report: AppendReport, isFollowed: Bool, _ db: Database
    ) throws {
        guard !report.newRows.isEmpty else { return }
        let logRow = try catalog.makeRow(of: verified.log, db)
        var ops = try StoredOps(catalog: catalog, reader: reader)
            .viewOps(verified.segment, log: logRow, db)
        if report.newRows.count < ops.count { ops = report.newRows.map { ops[$0] } }
        try AcceptanceTable(db: db).accept(&ops)
        try observe(ops, log: logRow, db)
        try views.apply(ops, rebuildsLater: isFollowed, db)
        if !isFollowed { try erasePending(db) }
        if ops.count < SegmentMerging.smallOps {
            try SegmentMerging(log(db)).run(onLog: logRow)
        }
    }

    /// Brings the views up to date after segments that were followed by others.
    package func settleViews(_ db: Database) throws {
        try views.rebuildOutdated(db)
        try erasePending(db)
    }

    /// Makes ops final: the relay gave them positions.
    package func accept(_ acceptances: [Acceptance], _ db: Database) throws {
        for acceptance in acceptances {
            try AcceptanceTable(db: db).insert(acceptance)
            try OutboxTable(db: db).removeAccepted(acceptance)
        }
        try views.accept(acceptances, db)
        try erasePending(db)
    }

    /// Raises the clock by what came in (rule C1).
    private func observe(_ ops: [ViewOp], log: Int64, _ db: Database) throws {
        var clock = HybridClock(highest: try highestTime(ofLog: log, db))
        let before = clock
        let now = try correctedNow(db)
        for op in ops {
            if op.position == nil {
                clock.observePending(op.time, nowMilliseconds: now)
            } else {
                clock.observe(op.time)
            }
        }
        if clock != before { try raise(clock, log: log, db) }
    }

    /// Lets what is accepted now raise the clock, though it did not while it was pending.
    func observe(accepted ranges: [Acceptance], log: Int64, _ db: Database) throws {
        var clock = HybridClock(highest: try highestTime(ofLog: log, db))
        guard !ranges.isEmpty, try latestTime(ofLog: log, db) > clock.highest else { return }
        let before = clock
        let id = try catalog.log(log, db)
        for range in ranges {
            let replica = try catalog.replica(range.first.replica, db).replica
            let ops = try self.log(db)
                .ops(of: replica, in: id, seqs: range.first.seq...range.last.seq)
            for op in ops { clock.observe(op.time) }
        }
        if clock != before { try raise(clock, log: log, db) }
    }

    private func raise(_ clock: HybridClock, log: Int64, _ db: Database) throws {
        try raiseHighestTime(ofLog: log, to: clock.highest, db)
        chains[log]?.held = clock.highest
        chains[log]?.clock.observe(clock.highest)
    }

    /// The time of what a reply answers, where that is pending and so far ahead that it does not
    /// raise the clock: the reply is stamped above it all the same (rule ST15).
    func timeAhead(of draft: OpDraft, _ chain: OwnChain, log: Int64, _ db: Database) throws
        -> HybridTime?
    {
        guard draft.kind == .message, let answered = draft.target,
            try latestTime(ofLog: log, db) > chain.clock.highest
        else { return nil }
        return try self.log(db)
            .ops(
                of: answered.replica, in: try catalog.log(log, db),
                seqs: answered.seq...answered.seq
            ).first?.time
    }

    /// The highest time of a log's sealed ops, whether or not they count for the clock.
    private func latestTime(ofLog log: Int64, _ db: Database) throws -> HybridTime {
        let query = try HotStatement(db, "SELECT max(time_last) FROM segment WHERE log = ?")
        query.bind(1, log)
        guard try query.next() else { return .zero }
        defer { query.reset() }
        return HybridTime(raw: UInt64(bitPattern: query.int(0)))
    }
}
