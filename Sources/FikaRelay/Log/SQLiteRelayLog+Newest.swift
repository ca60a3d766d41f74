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
            var newest = NewestOps(before: time, rows: limit)
            while try query.next(), newest.mayGain(upTo: query.int(1)) {
                let segment = try database.reader.segment(query.int(0), db)
                newest.add(
                    segment.rows.lazy.map {
                        (dot: segment.dot($0), kind: $0.kind, time: $0.time)
                    })
            }
            return newest.dots
        }
    }
}
