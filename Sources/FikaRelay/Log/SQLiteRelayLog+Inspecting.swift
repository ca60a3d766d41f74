import FikaStore
import GRDB

extension SQLiteRelayLog {
    /// How many segments are stored.
    package func segmentCount() throws -> Int {
        try number("SELECT count(*) FROM segment")
    }

    /// What SQLite does at commit: 2 is FULL.
    package func synchronousMode() throws -> Int {
        try number("PRAGMA synchronous")
    }

    private func number(_ sql: String) throws -> Int {
        try database.use { db in
            let query = try HotStatement(db, sql)
            guard try query.next() else { return 0 }
            defer { query.reset() }
            return Int(query.int(0))
        }
    }
}
