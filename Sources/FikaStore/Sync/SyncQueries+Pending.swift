package import FikaCRDT
import FikaLog
import GRDB

extension SyncQueries {
    /// The logs with something unsealed, by row.
    package func unsealedLogs() throws -> [LogID] {
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

    /// What no relay has accepted: own writing in the order of writing, then what others wrote,
    /// imports last.
    ///
    /// A log that no relay knows starts with who made it: the earliest introduction.
    package func pending() throws -> [PendingOps] {
        let own = try self.own()
        let foreign = try self.foreign()
        guard !own.isEmpty || !foreign.isEmpty else { return [] }
        let byLog = Dictionary(grouping: own + foreign, by: \.log)
        var isDone: Set<LogID> = []
        var ordered: [PendingOps] = []
        for ops in own + foreign where !isDone.contains(ops.log) {
            guard try isNew(ops.log) else {
                ordered.append(ops)
                continue
            }
            isDone.insert(ops.log)
            ordered += try inOrderOfComing(byLog[ops.log] ?? [], creators(of: ops.log))
        }
        return ordered.filter { !$0.isImport } + ordered.filter(\.isImport)
    }

    private func isNew(_ log: LogID) throws -> Bool {
        try position(of: log) == 0
    }

    /// The replicas that say that they made a log.
    private func creators(of log: LogID) throws -> Set<ReplicaID> {
        guard let row = try catalog.row(of: log, db) else { return [] }
        let query = try HotStatement(db, "SELECT op FROM access_op WHERE log = ? AND kind = 2")
        query.bind(1, row)
        var creators: Set<ReplicaID> = []
        while try query.next() {
            creators.insert(try catalog.replica(OpKey(raw: query.int(0)).replica, db).replica)
        }
        return creators
    }

    /// Creators first, whatever the clocks say, then as replicas came, so that grants are there in
    /// time.
    private func inOrderOfComing(
        _ parts: [PendingOps], _ creators: Set<ReplicaID>
    ) throws -> [PendingOps] {
        let ranks = try parts.map { part in
            let time = try sqlite.card(of: part.replica, in: part.log)?.time ?? .zero
            return (creators.contains(part.replica) ? 0 : 1, time)
        }
        return zip(parts, ranks).sorted { left, right in
            (left.1.0, left.1.1, left.0.replica, left.0.seqs.lowerBound)
                < (right.1.0, right.1.1, right.0.replica, right.0.seqs.lowerBound)
        }.map(\.0)
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

    /// Ops that came from others than a relay, in logs of which the relay told all that it has, or
    /// nothing.
    private func foreign() throws -> [PendingOps] {
        let query = try HotStatement(
            db,
            """
            SELECT writer.replica, replica.refused_from,
                EXISTS (SELECT 1 FROM import_run WHERE import_run.replica = writer.replica)
            FROM writer JOIN replica ON replica.id = writer.replica
            LEFT JOIN sync ON sync.log = writer.log
            WHERE writer.pending > 0 AND ifnull(sync.is_ended, 0) = 0
                AND (sync.log IS NULL OR sync.epoch <> ?1 OR sync.position >= sync.told)
            ORDER BY writer.log, writer.replica
            """)
        query.bind(1, try MetaTable(db: db).epoch().map { Int64(bitPattern: $0.raw) })
        var found: [(row: Int64, refusedFrom: UInt64?, isImport: Bool)] = []
        while try query.next() {
            found.append((query.int(0), try query.optionalNatural(1), query.int(2) != 0))
        }
        return try found.flatMap { row, refusedFrom, isImport in
            try pending(foreign(row, refusedFrom: refusedFrom), of: row, isImport: isImport)
        }
    }

    /// What of a replica is held above its last accepted op, and not known to be refused.
    ///
    /// A relay accepts a replica's ops without gaps: what is below it has accepted, and what lies
    /// beyond a gap it does not take.
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
        // Own writing below it goes up as well, but is queued.
        guard let whole = IntervalSet(held).intervals.first, whole.lowerBound == first else {
            return []
        }
        return IntervalSet([whole]).subtracting(queued).intervals
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
