package import FikaCRDT
import FikaLog
import FikaStore
import GRDB

extension SQLiteRelayLog {
    /// Segments are indexed by their highest time: as a rule only the last few are decoded.
    package func newest(
        in log: LogID, before time: HybridTime, limit: Int
    ) throws -> [Dot] {
        guard limit > 0 else { return [] }
        return try database.use { db in
            guard let row = try database.catalog.row(of: log, db) else { return [] }
            let query = try HotStatement(
                db,
                """
                SELECT id, time_last FROM segment WHERE log = ? AND time_first < ?
                ORDER BY time_last DESC
                """)
            query.bind(1, row)
            query.bind(2, Int64(clamping: time.raw))
            defer { query.reset() }
            var newest = NewestOps(before: time, limit: limit)
            while try query.next(), newest.mayGain(upTo: query.int(1)) {
                newest.add(try database.reader.segment(query.int(0), db))
            }
            return newest.dots
        }
    }
}

/// The ops with the newest stamps of some segments.
private struct NewestOps {
    let time: HybridTime
    let limit: Int
    /// Newest first.
    private var found: [(stamp: Stamp, dot: Dot)] = []

    init(before time: HybridTime, limit: Int) {
        self.time = time
        self.limit = limit
    }

    var dots: [Dot] { found.map(\.dot) }

    /// Whether a segment with this highest raw time can have an op that belongs here.
    func mayGain(upTo highest: Int64) -> Bool {
        guard found.count == limit, let last = found.last else { return true }
        return highest >= Int64(clamping: last.stamp.time.raw)
    }

    mutating func add(_ segment: Segment) {
        let lowest = found.count == limit ? found.last?.stamp.time ?? .zero : .zero
        for row in segment.rows where row.time < time && row.time >= lowest {
            let dot = segment.dot(row)
            found.append((Stamp(time: row.time, replica: dot.replica), dot))
        }
        found.sort { left, right in
            left.stamp != right.stamp ? left.stamp > right.stamp : left.dot.seq > right.dot.seq
        }
        if found.count > limit { found.removeLast(found.count - limit) }
    }
}
