import FikaCRDT
import FikaLog
import FikaStore
import GRDB

/// What a relay does to its database when nobody waits for it.
final class RelayWork {
    private var smallSegments: [LogID: Int] = [:]
    /// Logs with too many small segments, in the order in which that came about.
    private var due: [LogID] = []
    private var mustScrub = false

    init(_ database: RelayDatabase) throws {
        try database.use { db in
            let query = try HotStatement(
                db,
                """
                SELECT log.log_id, count(*) FROM segment JOIN log ON log.id = segment.log
                WHERE segment.ops < ? AND segment.is_import = 0
                GROUP BY segment.log ORDER BY segment.log
                """)
            query.bind(1, Int64(SegmentMerging.smallOps))
            while try query.next() {
                guard let log = LogID(bytes: query.bytes(0)) else {
                    throw StoreError.damaged("a log's id has not 16 bytes")
                }
                count(log, Int(clamping: query.int(1)))
            }
        }
    }

    func appended(_ log: LogID, ops: Int) {
        if ops < SegmentMerging.smallOps { count(log, 1) }
    }

    func erased() {
        mustScrub = true
    }

    private func count(_ log: LogID, _ more: Int) {
        let before = smallSegments[log, default: 0]
        smallSegments[log] = before + more
        let limit = SegmentMerging.smallCountMaximum
        if before <= limit, before + more > limit { due.append(log) }
    }

    /// Does one piece of work; returns false when there is none.
    func run(on database: RelayDatabase) throws -> Bool {
        if mustScrub {
            mustScrub = false
            try database.scrub()
            return true
        }
        guard !due.isEmpty else { return false }
        let log = due.removeFirst()
        smallSegments[log] = 0
        try database.transaction { db in
            guard let row = try database.catalog.row(of: log, db) else { return }
            let ops = SQLiteLog(db, catalog: database.catalog, reader: database.reader)
            try SegmentMerging(ops).run(onLog: row)
        }
        return true
    }
}
