import FikaCRDT
import FikaLog
import GRDB

/// Merges small stored segments into ones of up to 1024 ops, like with like (rules B1, S2 and O6).
///
/// Single messages come as segments of one op, which cost three times the bytes. Merging changes no
/// hash; of a replica's seals it keeps those at 1, at each multiple of 64, and the last.
package struct SegmentMerging {
    /// Segments that fit into one.
    private struct Group {
        var segments: [(id: Int64, segment: Segment)] = []
        private var ops = 0
        private var bytes = 0

        func hasRoom(for segment: Segment) -> Bool {
            segments.isEmpty
                || ops + segment.rows.count <= Limits.segmentOpsMaximum
                    && bytes + Self.bytes(of: segment) <= Limits.segmentRawBytesMaximum
        }

        mutating func add(_ id: Int64, _ segment: Segment) {
            segments.append((id, segment))
            ops += segment.rows.count
            bytes += Self.bytes(of: segment)
        }

        private static func bytes(of segment: Segment) -> Int {
            segment.bodies.count + segment.rows.count * Limits.headBytesMaximum
        }
    }

    let log: SQLiteLog
    private var db: Database { log.db }

    /// So many small segments of a log are left alone.
    package static let smallCountMaximum = 64
    /// A segment with fewer ops is small.
    package static let smallOps = Limits.segmentOpsMaximum / 2

    package init(_ log: SQLiteLog) {
        self.log = log
    }

    /// Merges the small segments of a log when there are many of them; returns how many went.
    @discardableResult
    package func run(onLog row: Int64) throws -> Int {
        let small = try candidates(row)
        guard small.count > Self.smallCountMaximum else { return 0 }
        var merged = 0
        var group = Group()
        for id in small {
            let segment = try log.reader.segment(id, db)
            if !group.hasRoom(for: segment) {
                merged += try merge(group, log: row)
                group = Group()
            }
            group.add(id, segment)
        }
        merged += try merge(group, log: row)
        try pruneSeals(row)
        return merged
    }

    /// The small segments that are no imports, in the order they came.
    private func candidates(_ row: Int64) throws -> [Int64] {
        let query = try HotStatement(
            db,
            """
            SELECT id FROM segment WHERE log = ? AND ops < ? AND is_import = 0 ORDER BY id
            """)
        query.bind(1, row)
        query.bind(2, Int64(Self.smallOps))
        var candidates: [Int64] = []
        while try query.next() { candidates.append(query.int(0)) }
        return candidates
    }

    /// Makes one segment of a group; returns how many went.
    private func merge(_ group: Group, log row: Int64) throws -> Int {
        guard let first = group.segments.first?.segment, group.segments.count > 1 else { return 0 }
        var builder = SegmentBuilder(log: first.log)
        for (segment, row) in try Self.inRisingSeqs(group.segments.map(\.segment)) {
            builder.append(row, of: segment)
        }
        for (id, segment) in group.segments { try log.remove(id, segment, log: row) }
        let block = builder.block()
        try log.insert(try Segment(block: block), block: block, log: row)
        return group.segments.count - 1
    }

    /// All rows in the order they came, but each replica's by rising seq: a later range may have
    /// come first.
    private static func inRisingSeqs(
        _ segments: [Segment]
    ) throws -> [(segment: Segment, row: SegmentRow)] {
        let rows = segments.flatMap { segment in segment.rows.map { (segment, $0) } }
        var byReplica: [ReplicaID: [Int]] = [:]
        for (index, (segment, row)) in rows.enumerated() {
            byReplica[segment.dot(row).replica, default: []].append(index)
        }
        for replica in byReplica.keys {
            byReplica[replica]?.sort { rows[$0].1.seq > rows[$1].1.seq }
            let seqs = byReplica[replica]?.map { rows[$0].1.seq } ?? []
            guard zip(seqs, seqs.dropFirst()).allSatisfy(>) else {
                throw StoreError.damaged("an op of replica \(replica) is stored twice")
            }
        }
        return rows.map { segment, row in
            guard let next = byReplica[segment.dot(row).replica]?.popLast() else {
                preconditionFailure("each row is taken once")
            }
            return rows[next]
        }
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
