package import GRDB
import GRDBSQLite

extension Database {
    /// Ends all queries that an error left before their last row: while one is open, the
    /// connection keeps seeing the database as it was.
    package func resetStatements() {
        var statement = sqlite3_next_stmt(sqliteConnection, nil)
        while let current = statement {
            if sqlite3_stmt_busy(current) != 0 { sqlite3_reset(current) }
            statement = sqlite3_next_stmt(sqliteConnection, current)
        }
    }
}
