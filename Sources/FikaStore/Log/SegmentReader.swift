package import FikaLog
package import GRDB

/// Finds and decodes stored segments, the last few of which it keeps.
///
/// It belongs to one connection, as the catalog does.
package final class SegmentReader {
    private var decoded: [(id: Int64, segment: Segment)] = []
    private static let keptMaximum = 8

    package init() {}

    /// Forgets what was decoded: after a rollback, and after a rewrite.
    package func forget() {
        decoded = []
    }

    package func forget(_ id: Int64) {
        decoded.removeAll { $0.id == id }
    }

    /// The segments that hold ops of a replica in a range of seqs, by the first such op.
    package func segments(
        ofReplica row: Int64, seqs: ClosedRange<UInt64>, _ db: Database
    ) throws -> [Int64] {
        let query = try HotStatement(
            db,
            """
            SELECT segment FROM segment_run
            WHERE replica = ?1 AND first <= ?3 AND last >= ?2 AND first >= ifnull(
                (SELECT max(first) FROM segment_run WHERE replica = ?1 AND first <= ?2), 0)
            ORDER BY first
            """)
        query.bind(1, row)
        query.bind(2, Int64(clamping: seqs.lowerBound))
        query.bind(3, Int64(clamping: seqs.upperBound))
        var segments: [Int64] = []
        var found: Set<Int64> = []
        while try query.next() {
            // Runs of one replica may stand in one segment, with a run of another between them.
            if found.insert(query.int(0)).inserted { segments.append(query.int(0)) }
        }
        return segments
    }

    /// The decoded segment that has this row.
    package func segment(_ id: Int64, _ db: Database) throws -> Segment {
        if let index = decoded.lastIndex(where: { $0.id == id }) {
            return decoded[index].segment
        }
        let segment = try decode(id, block: block(id, db))
        if decoded.count == Self.keptMaximum { decoded.removeFirst() }
        decoded.append((id, segment))
        return segment
    }

    /// The stored bytes of a segment.
    package func block(_ id: Int64, _ db: Database) throws -> [UInt8] {
        let query = try HotStatement(db, "SELECT block FROM segment WHERE id = ?")
        query.bind(1, id)
        guard try query.next() else { throw StoreError.damaged("segment \(id) is missing") }
        let block = query.bytes(0)
        query.reset()
        return block
    }

    private func decode(_ id: Int64, block: [UInt8]) throws -> Segment {
        do {
            return try Segment(block: block)
        } catch {
            throw StoreError.damaged("segment \(id): \(error)")
        }
    }
}
