import GRDBSQLite

/// SQLite by its own C interface: the limit that the store is held against.
final class RawDatabase {
    private var connection: OpaquePointer?

    /// A call that SQLite did not carry out.
    struct Failure: Error {
        let text: String
    }

    init(path: String) throws {
        guard sqlite3_open(path, &connection) == SQLITE_OK else { throw failure() }
    }

    deinit {
        sqlite3_close(connection)
    }

    func run(_ sql: String) throws {
        guard sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
    }

    func prepare(_ sql: String) throws -> RawStatement {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK, let statement
        else { throw failure() }
        return RawStatement(statement)
    }

    /// Bytes on disk by table; a table's indices count for themselves.
    func pageBytes() throws -> [(name: String, bytes: Int64)] {
        let query = try prepare("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY name")
        var sizes: [(name: String, bytes: Int64)] = []
        while query.step() { sizes.append((query.text(0), query.int(1))) }
        return sizes
    }

    private func failure() -> Failure {
        Failure(text: sqlite3_errmsg(connection).map { String(cString: $0) } ?? "no connection")
    }
}
