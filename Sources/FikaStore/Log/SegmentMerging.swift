import FikaCRDT
import FikaLog
import GRDB

/// Merges small stored segments into ones of up to 1024 ops, like with like (rules B1, S2 and O6).
///
/// Single messages come as segments of one op, which cost three times the bytes. Merging changes no
/// hash; of a replica's seals it keeps those at 1, at each multiple of 64, and the last.
struct SegmentMerging {
    /// What stands in a segment's place while it is weighed.
    private struct Candidate {
        let id: Int64
        let ops: Int
    }

    let log: SQLiteLog
    private var db: Database { log.db }

    /// So many small segments of a log are left alone.
    static let smallCountMaximum = 64
    /// A segment with fewer ops is small.
    static let smallOps = Limits.segmentOpsMaximum / 2

    init(_ log: SQLiteLog) {
        self.log = log
    }

    /// Merges the small segments of a log when there are many of them; returns how many went.
    @discardableResult
    func run(onLog row: Int64) throws -> Int {
        let small = try candidates(row)
        guard small.count > Self.smallCountMaximum else { return 0 }
        var groups: [[Candidate]] = []
        var ops = 0
        for candidate in small {
            if groups.isEmpty || ops + candidate.ops > Limits.segmentOpsMaximum {
                groups.append([])
                ops = 0
            }
            groups[groups.count - 1].append(candidate)
            ops += candidate.ops
        }
        for group in groups where group.count > 1 { try merge(group, log: row) }
        try pruneSeals(row)
        return groups.reduce(0) { $0 + $1.count - 1 }
    }

    /// The small segments that are no imports, in the order they came.
    private func candidates(_ row: Int64) throws -> [Candidate] {
        let query = try HotStatement(
            db,
            """
            SELECT id, ops FROM segment WHERE log = ? AND ops < ? AND is_import = 0 ORDER BY id
            """)
        query.bind(1, row)
        query.bind(2, Int64(Self.smallOps))
        var candidates: [Candidate] = []
        while try query.next() {
            candidates.append(Candidate(id: query.int(0), ops: Int(query.int(1))))
        }
        return candidates
    }

    private func merge(_ group: [Candidate], log row: Int64) throws {
        let segments = try group.map { try log.reader.segment($0.id, db) }
        guard let logID = segments.first?.log else { return }
        var builder = SegmentBuilder(log: logID)
        for (segment, row) in Self.inRisingSeqs(segments) { builder.append(row, of: segment) }
        for (candidate, segment) in zip(group, segments) {
            try delete(candidate.id, segment, log: row)
        }
        let block = builder.block()
        try log.insert(try Segment(block: block), block: block, log: row)
    }

    /// All rows in the order they came, but each replica's by rising seq: a later range may have
    /// come first.
    private static func inRisingSeqs(
        _ segments: [Segment]
    ) -> [(segment: Segment, row: SegmentRow)] {
        let rows = segments.flatMap { segment in segment.rows.map { (segment, $0) } }
        var byReplica: [ReplicaID: [Int]] = [:]
        for (index, (segment, row)) in rows.enumerated() {
            byReplica[segment.dot(row).replica, default: []].append(index)
        }
        for replica in byReplica.keys {
            byReplica[replica]?.sort { rows[$0].1.seq > rows[$1].1.seq }
        }
        return rows.map { segment, row in
            guard let next = byReplica[segment.dot(row).replica]?.popLast() else {
                preconditionFailure("each row is taken once")
            }
            return rows[next]
        }
    }

    private func delete(_ id: Int64, _ segment: Segment, log row: Int64) throws {
        for run in segment.runs {
            let replica = segment.replicas[Int(run.replica)]
            let delete = try HotStatement(
                db, "DELETE FROM segment_run WHERE replica = ? AND first = ?")
            delete.bind(1, try log.catalog.makeRow(of: replica, log: row, db))
            delete.bind(2, Int64(run.first))
            try delete.run()
        }
        let delete = try HotStatement(db, "DELETE FROM segment WHERE id = ?")
        delete.bind(1, id)
        try delete.run()
        log.reader.forget(id)
    }

    /// Drops seals that a later one of the same replica makes superfluous.
    private func pruneSeals(_ row: Int64) throws {
        let delete = try HotStatement(
            db,
            """
            DELETE FROM seal WHERE seq <> 1 AND seq % 64 <> 0
            AND replica IN (SELECT id FROM replica WHERE log = ?)
            AND NOT EXISTS (SELECT 1 FROM have WHERE have.replica = seal.replica
                AND seal.seq BETWEEN have.last AND have.last + 63)
            AND EXISTS (SELECT 1 FROM have WHERE have.replica = seal.replica
                AND seal.seq BETWEEN have.first AND have.last
                AND (seal.seq / 64 + 1) * 64 <= have.last)
            """)
        delete.bind(1, row)
        try delete.run()
    }
}
