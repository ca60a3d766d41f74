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
        var sqlite = log(db)
        let logID = sealed.segment.log
        let logRow = try catalog.makeRow(of: logID, db)
        var failure: (any Error)?
        let verified = try SegmentVerifier.verify(
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
        if let failure { throw failure }
        let report = try sqlite.append(verified)
        guard !report.newRows.isEmpty else { return 0 }
        try observe(verified.segment, log: logRow, db)
        var ops = try StoredOps(catalog: catalog, reader: reader)
            .viewOps(verified.segment, log: logRow, db)
        if report.newRows.count < ops.count { ops = report.newRows.map { ops[$0] } }
        try views.apply(ops, rebuildsLater: isFollowed, db)
        if !isFollowed { try erasePending(db) }
        if ops.count < SegmentMerging.smallOps {
            try SegmentMerging(sqlite).run(onLog: logRow)
        }
        return report.newRows.count
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
    private func observe(_ segment: Segment, log: Int64, _ db: Database) throws {
        var clock = HybridClock(highest: try highestTime(ofLog: log, db))
        let now = environment.now()
        for row in segment.rows {
            clock.observePending(row.time, nowMilliseconds: now)
        }
        try raiseHighestTime(ofLog: log, to: clock.highest, db)
        chains[log]?.held = clock.highest
        chains[log]?.clock.observe(clock.highest)
    }
}
