import GRDBSQLite

/// A prepared statement of a ``RawDatabase``.
final class RawStatement {
    private let statement: OpaquePointer

    init(_ statement: OpaquePointer) {
        self.statement = statement
    }

    deinit {
        sqlite3_finalize(statement)
    }

    func bind(_ index: Int32, _ value: Int64) {
        sqlite3_bind_int64(statement, index, value)
    }

    /// Binds bytes that stay where they are until the step is done.
    func bind(_ index: Int32, _ bytes: UnsafeRawBufferPointer) {
        sqlite3_bind_blob(statement, index, bytes.baseAddress, Int32(bytes.count), nil)
    }

    /// Steps; true while there is a row.
    func step() -> Bool {
        sqlite3_step(statement) == SQLITE_ROW
    }

    /// Steps once and readies the statement for the next values.
    func run() {
        sqlite3_step(statement)
        sqlite3_reset(statement)
    }

    func int(_ column: Int32) -> Int64 {
        sqlite3_column_int64(statement, column)
    }

    func text(_ column: Int32) -> String {
        sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
    }
}
