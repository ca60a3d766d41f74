import FikaChat
import FikaCRDT
import FikaLog
import GRDB

extension StoreWriter {
    /// Leaves own replicas that were closed, and says again what may still be said (rule A4).
    func leaveClosed(log: Int64, _ db: Database) throws {
        let history = try views.history(ofLog: log, db)
        guard history.hasCloses else { return }
        for row in try self.log(db).ownReplicas(ofLog: log) {
            let entry = try catalog.replica(row, db)
            guard let close = history.closedBeyond(entry.replica) else { continue }
            try leave(row, db)
            let first = OpKey(replica: row, seq: min(close.lastCounting + 1, Limits.seqMaximum))
            try settle(from: first, reason: close.reason, entry, db)
        }
    }

    /// Takes note that a relay will never take ops of a replica, though no close may say so.
    func refuse(_ refused: RefusedOps, log: Int64, _ db: Database) throws {
        guard let row = try catalog.row(of: refused.replica, log: log, db),
            (1...Limits.seqMaximum).contains(refused.seq)
        else { return }
        let entry = try catalog.replica(row, db)
        guard entry.own != .foreign else { return try refuse(refused, of: row, db) }
        let first = OpKey(replica: row, seq: refused.seq)
        // What becomes of each op follows from the close, which comes with the log.
        if refused.isClosed { return }
        try leave(row, db)
        // What is kept as refused, or held, stays that whatever the next relay says of it.
        let keys = first.raw...OpKey(replica: row, seq: Limits.seqMaximum).raw
        guard try OutboxTable(db: db).entries(overlapping: keys).contains(where: \.isQueued)
        else { return }
        if refused.reason?.isOfWriting == false,
            try AcceptanceTable(db: db).last(ofReplica: row) == nil, try !isOver(log, db)
        {
            return try sayAnew(entry, newStamps: refused.reason == .clockAhead, db)
        }
        // Without a close the relay takes nothing of this replica, and would of no other.
        let state: OutboxEntry.State = refused.reason == .held ? .held : .refused
        try OutboxTable(db: db).set(state, reason: refused.reason, of: keys)
    }

    /// Whether a relay said that this user is out: it would take nothing that is said again, and
    /// its order may lack the times that are held here.
    private func isOver(_ log: Int64, _ db: Database) throws -> Bool {
        try SyncTable(db: db).row(ofLog: log)?.isEnded == true
    }

    /// Sends what another wrote no more.
    ///
    /// What its author says again by another replica goes: nobody else will have the first.
    private func refuse(_ refused: RefusedOps, of row: Int64, _ db: Database) throws {
        if !refused.isClosed, refused.reason?.isOfWriting == false,
            try AcceptanceTable(db: db).last(ofReplica: row) == nil
        {
            try dropBranch(row, from: 1, tail: [], isIntroducedAnew: true, accepted: [], db)
            return try settleViews(db)
        }
        let update = try HotStatement(db, "UPDATE replica SET refused_from = ? WHERE id = ?")
        update.bind(1, Int64(refused.seq))
        update.bind(2, row)
        try update.run()
    }

    /// Writes as this replica no more.
    func leave(_ row: Int64, _ db: Database) throws {
        var entry = try catalog.replica(row, db)
        guard entry.own == .current else { return }
        let update = try HotStatement(db, "UPDATE replica SET own = 2 WHERE id = ?")
        update.bind(1, row)
        try update.run()
        entry.own = .former
        catalog.update(entry)
        chains[entry.log] = nil
    }

    /// Says of each queued op from one on what becomes of it.
    private func settle(
        from first: OpKey, reason: CloseReason?, _ entry: ReplicaEntry, _ db: Database
    ) throws {
        let outbox = OutboxTable(db: db)
        let keys = first.raw...OpKey(replica: entry.row, seq: Limits.seqMaximum).raw
        let queued = try outbox.entries(overlapping: keys).filter(\.isQueued)
        guard let last = queued.last?.last, let next = queued.first?.first else { return }
        let lowest = max(next.raw, first.raw)
        switch reason {
        case .clockAhead, .forked:
            guard !entry.isImport else { break }
            return try rehome(lowest...last.raw, of: entry, newStamps: reason == .clockAhead, db)
        case .held:
            return try outbox.set(.held, reason: reason, of: lowest...last.raw)
        case .notMember, .tooLarge, .malformed:
            // The first one is meant; those after it stand on their own.
            guard !entry.isImport, lowest < last.raw, try isMember(entry.log, db) else { break }
            try outbox.set(.refused, reason: reason, of: lowest...lowest)
            return try rehome(lowest + 1...last.raw, of: entry, newStamps: false, db)
        case .roomClosed, .removed, nil:
            break
        }
        try outbox.set(.refused, reason: reason, of: lowest...last.raw)
    }

    private func isMember(_ log: Int64, _ db: Database) throws -> Bool {
        try views.history(ofLog: log, db).role(of: profile.user) != nil
    }

    // MARK: Saying again

    /// Writes ops again as a new replica, sealed or not.
    func rehome(
        _ keys: ClosedRange<Int64>, of entry: ReplicaEntry, newStamps: Bool, _ db: Database
    ) throws {
        let left = try ops(keys, of: entry, db)
        try OutboxTable(db: db).remove(keys)
        try UnsealedTable(db: db).delete(keys)
        if newStamps { try resetHighestTime(ofLog: entry.log, db) }
        try copy(left, of: entry, newStamps: newStamps, db)
        try views.rebuild(log: entry.log, db)
    }

    /// Takes a replica of which nothing was ever accepted back, and says all of it again.
    private func sayAnew(_ entry: ReplicaEntry, newStamps: Bool, _ db: Database) throws {
        let kept = try kept(of: entry, db)
        var left = [(entry, try takeBack(entry, db))]
        // A room is made before anything is said in it, so what was said since comes after that.
        if left[0].1.contains(where: { $0.kind == ChatKind.create.kind }),
            let since = try unacceptedReplica(ofLog: entry.log, db)
        {
            try leave(since.row, db)
            left.append((since, try takeBack(since, db)))
        }
        if newStamps { try resetHighestTime(ofLog: entry.log, db) }
        for (entry, rows) in left { try copy(rows, of: entry, newStamps: newStamps, db) }
        try keep(kept, of: entry, db)
        try views.rebuild(log: entry.log, db)
    }

    /// The replica that a log is written as, where no relay took anything of it.
    private func unacceptedReplica(ofLog log: Int64, _ db: Database) throws -> ReplicaEntry? {
        for row in try self.log(db).ownReplicas(ofLog: log) {
            let entry = try catalog.replica(row, db)
            guard entry.own == .current, !entry.isImport else { continue }
            return try AcceptanceTable(db: db).last(ofReplica: row) == nil ? entry : nil
        }
        return nil
    }

    /// Removes a replica from its log; returns what it said.
    private func takeBack(_ entry: ReplicaEntry, _ db: Database) throws -> [UnsealedRow] {
        let keys = entry.row << 32 | 1...entry.row << 32 | Int64(Limits.seqMaximum)
        let left = try ops(keys, of: entry, db)
        try OutboxTable(db: db).remove(keys)
        try UnsealedTable(db: db).delete(keys)
        // Afterwards nobody knows whose the access ops are that the views still have.
        _ = try views.history(ofLog: entry.log, db)
        try log(db).remove(replica: entry.row)
        var forgotten = ReplicaEntry(row: entry.row, log: entry.log, replica: entry.replica)
        forgotten.own = .former
        forgotten.isImport = entry.isImport
        catalog.update(forgotten)
        try views.rebuild(log: entry.log, db)
        return left
    }

    /// The ops of a replica that are on their way, as if they were unsealed.
    private func ops(
        _ keys: ClosedRange<Int64>, of entry: ReplicaEntry, _ db: Database
    ) throws -> [UnsealedRow] {
        try OutboxTable(db: db).entries(overlapping: keys).filter(\.isQueued)
            .flatMap { try ops(keys, of: $0, entry, db) }
            .sorted { $0.key < $1.key }
    }

    /// What may be said again of one range, as if it were unsealed.
    func ops(
        _ keys: ClosedRange<Int64>, of range: OutboxEntry, _ entry: ReplicaEntry, _ db: Database
    ) throws -> [UnsealedRow] {
        let first = OpKey(raw: max(range.first.raw, keys.lowerBound))
        let last = OpKey(raw: min(range.last.raw, keys.upperBound))
        let log = try catalog.log(entry.log, db)
        let sealed = try self.log(db).ops(of: entry.replica, in: log, seqs: first.seq...last.seq)
        let rows = sealed.compactMap { op -> UnsealedRow? in
            guard case .body(let body, let salt) = op.content else { return nil }
            return UnsealedRow(
                key: OpKey(replica: entry.row, seq: op.id.dot.seq), kind: op.kind,
                time: op.time, writtenAt: range.writtenAt, heldTime: .zero,
                target: op.target, origin: op.origin, salt: salt, body: body)
        }
        return (rows + (try UnsealedTable(db: db).rows(first.raw...last.raw)))
            .filter { Self.isSaidAgain($0.kind) }
    }

    private static func isSaidAgain(_ kind: Kind) -> Bool {
        let silent: [ChatKind] = [.introduction, .void, .importRun, .imported]
        return !silent.contains { $0.kind == kind }
    }

    private func copy(
        _ rows: [UnsealedRow], of entry: ReplicaEntry, newStamps: Bool, _ db: Database
    ) throws {
        guard !rows.isEmpty else { return }
        var chain = try chain(inLog: entry.log, db)
        for var row in rows {
            if newStamps { row.time = chain.clock.next(nowMilliseconds: try correctedNow(db)) }
            try copy(row, of: entry.replica, to: &chain, log: entry.log, db)
        }
        chains[entry.log] = chain
    }

    /// Finds the highest time that counts once ops beyond closes do not any more.
    private func resetHighestTime(ofLog log: Int64, _ db: Database) throws {
        let history = try views.history(ofLog: log, db)
        var clock = HybridClock()
        let now = try correctedNow(db)
        let source = StoredOps(catalog: catalog, reader: reader)
        try source.forEachBatch(ofLog: log, db) { ops in
            for op in ops {
                if op.position != nil {
                    clock.observe(op.time)
                } else if !history.isBeyondClose(
                    op.dot, at: .pending(Stamp(time: op.time, replica: op.dot.replica)))
                {
                    clock.observePending(op.time, nowMilliseconds: now)
                }
            }
        }
        let update = try HotStatement(db, "UPDATE log SET highest_time = ? WHERE id = ?")
        update.bind(1, Int64(bitPattern: clock.highest.raw))
        update.bind(2, log)
        try update.run()
        chains[log] = nil
    }
}

extension CloseReason {
    /// Whether it is about what was written, not about when or as whom.
    fileprivate var isOfWriting: Bool {
        switch self {
        case .clockAhead, .forked: false
        case .notMember, .roomClosed, .removed, .tooLarge, .malformed, .held: true
        }
    }
}
