import FikaCRDT
import FikaLog
import GRDB

extension SyncQueries {
    /// The logs with something unsealed, by row.
    func unsealedLogs() throws -> [LogID] {
        let query = try HotStatement(
            db,
            """
            SELECT DISTINCT log_id FROM unsealed JOIN replica ON replica.id = unsealed.op >> 32
            JOIN log ON log.id = replica.log ORDER BY log.id
            """)
        var logs: [LogID] = []
        while try query.next() {
            if let log = LogID(bytes: query.bytes(0)) { logs.append(log) }
        }
        return logs
    }

    /// What no relay has accepted: own writing in the order of writing, own imports, then what
    /// others wrote.
    func pending() throws -> [PendingOps] {
        try own() + foreign()
    }

    /// The queue, each replica's ops together.
    private func own() throws -> [PendingOps] {
        var order: [Int64] = []
        var seqs: [Int64: IntervalSet] = [:]
        var imports: Set<Int64> = []
        for entry in try OutboxTable(db: db).queued() {
            let replica = entry.first.replica
            if seqs[replica] == nil { order.append(replica) }
            seqs[replica, default: IntervalSet()].insert(entry.first.seq...entry.last.seq)
            if entry.isImport { imports.insert(replica) }
        }
        return try order.flatMap { replica in
            try pending(
                seqs[replica]?.intervals ?? [], of: replica, isImport: imports.contains(replica))
        }
    }

    private func pending(
        _ ranges: [ClosedRange<UInt64>], of row: Int64, isImport: Bool
    ) throws -> [PendingOps] {
        guard !ranges.isEmpty else { return [] }
        let entry = try catalog.replica(row, db)
        let log = try catalog.log(entry.log, db)
        return ranges.map {
            PendingOps(log: log, replica: entry.replica, seqs: $0, isImport: isImport)
        }
    }

    /// Ops that came from others than a relay, in logs in which it has told all that it has.
    private func foreign() throws -> [PendingOps] {
        guard let epoch = try MetaTable(db: db).epoch() else { return [] }
        let query = try HotStatement(
            db,
            """
            SELECT writer.replica, replica.refused_from FROM writer
            JOIN sync ON sync.log = writer.log JOIN replica ON replica.id = writer.replica
            WHERE writer.pending > 0 AND sync.epoch = ? AND sync.is_ended = 0
                AND sync.position > 0 AND sync.position >= sync.told
            ORDER BY writer.log, writer.replica
            """)
        query.bind(1, Int64(bitPattern: epoch.raw))
        var found: [(row: Int64, refusedFrom: UInt64?)] = []
        while try query.next() {
            found.append((query.int(0), try query.optionalNatural(1)))
        }
        return try found.flatMap { row, refusedFrom in
            try pending(foreign(row, refusedFrom: refusedFrom), of: row, isImport: false)
        }
    }

    /// What of a replica is held above its last accepted op, and not known to be refused.
    ///
    /// A relay accepts a replica's ops without gaps: what is below it has accepted.
    private func foreign(
        _ row: Int64, refusedFrom: UInt64?
    ) throws -> [ClosedRange<UInt64>] {
        let first = (try AcceptanceTable(db: db).last(ofReplica: row)?.seq ?? 0) + 1
        var last = min(Limits.seqMaximum, (refusedFrom ?? .max) - 1)
        guard first <= last else { return [] }
        let keys = OpKey(replica: row, seq: first).raw...OpKey(replica: row, seq: last).raw
        if let aside = try firstSetAside(keys) {
            guard aside.seq > first else { return [] }
            last = aside.seq - 1
        }
        var queued = IntervalSet()
        for entry in try OutboxTable(db: db).entries(overlapping: keys) {
            queued.insert(entry.first.seq...entry.last.seq)
        }
        let held = try sqlite.have(ofRow: row).intervals.compactMap { interval in
            let (low, high) = (max(interval.first, first), min(interval.last, last))
            return low <= high ? low...high : nil
        }
        return IntervalSet(held).subtracting(queued).intervals
    }

    private func firstSetAside(_ keys: ClosedRange<Int64>) throws -> OpKey? {
        let query = try HotStatement(
            db, "SELECT min(op) FROM outcome WHERE op BETWEEN ? AND ? AND state = ?")
        query.bind(1, keys.lowerBound)
        query.bind(2, keys.upperBound)
        query.bind(3, Outcome.setAside.rawValue)
        guard try query.next() else { return nil }
        defer { query.reset() }
        return query.optionalInt(0).map { OpKey(raw: $0) }
    }
}
