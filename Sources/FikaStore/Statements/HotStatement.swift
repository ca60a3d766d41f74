import FikaLog
package import GRDB
import GRDBSQLite

/// A cached statement that is bound and stepped without a box for each value.
///
/// Measured: binding through the C interface inserts twice as fast as GRDB's arguments. Only the
/// connection that made it may use it, and only inside one `db` closure.
package struct HotStatement {
    private let statement: Statement
    private let database: Database

    package init(_ database: Database, _ sql: String) throws {
        statement = try database.cachedStatement(sql: sql)
        self.database = database
        sqlite3_reset(statement.sqliteStatement)
        sqlite3_clear_bindings(statement.sqliteStatement)
    }

    /// Binds the parameter of this number, the first being 1.
    package func bind(_ index: Int32, _ value: Int64) {
        sqlite3_bind_int64(statement.sqliteStatement, index, value)
    }

    package func bind(_ index: Int32, _ value: Int64?) {
        if let value { bind(index, value) } else { bindNull(index) }
    }

    package func bindNull(_ index: Int32) {
        sqlite3_bind_null(statement.sqliteStatement, index)
    }

    package func bind(_ index: Int32, blob bytes: some Collection<UInt8>) {
        let done: Void? = bytes.withContiguousStorageIfAvailable { buffer in
            // An empty buffer may have no address, which SQLite would take for NULL.
            if buffer.isEmpty {
                sqlite3_bind_zeroblob(statement.sqliteStatement, index, 0)
            } else {
                sqlite3_bind_blob(
                    statement.sqliteStatement, index, buffer.baseAddress, Int32(buffer.count),
                    transientDestructor)
            }
        }
        if done == nil { bind(index, blob: Array(bytes)) }
    }

    package func bind(_ index: Int32, text bytes: some Collection<UInt8>) {
        let done: Void? = bytes.withContiguousStorageIfAvailable { buffer in
            buffer.withMemoryRebound(to: CChar.self) { text in
                var empty: CChar = 0
                if let address = text.baseAddress {
                    sqlite3_bind_text(
                        statement.sqliteStatement, index, address, Int32(text.count),
                        transientDestructor)
                } else {
                    sqlite3_bind_text(
                        statement.sqliteStatement, index, &empty, 0, transientDestructor)
                }
            }
        }
        if done == nil { bind(index, text: Array(bytes)) }
    }

    package func bind(_ index: Int32, text: String) {
        var text = text
        text.withUTF8 { bind(index, text: $0) }
    }

    /// Runs a statement that gives no rows, and readies it for the next values.
    package func run() throws {
        let code = sqlite3_step(statement.sqliteStatement)
        sqlite3_reset(statement.sqliteStatement)
        guard code == SQLITE_DONE || code == SQLITE_ROW else {
            throw failure(code)
        }
    }

    /// Steps to the next row; false at the end, after which the statement is ready again.
    package func next() throws -> Bool {
        let code = sqlite3_step(statement.sqliteStatement)
        if code == SQLITE_ROW { return true }
        sqlite3_reset(statement.sqliteStatement)
        guard code == SQLITE_DONE else { throw failure(code) }
        return false
    }

    /// Whether the query gives a row; the statement is ready again.
    package func hasRow() throws -> Bool {
        let found = try next()
        reset()
        return found
    }

    /// Ends a query before its last row.
    package func reset() {
        sqlite3_reset(statement.sqliteStatement)
    }

    /// The column of this number, the first being 0.
    package func int(_ column: Int32) -> Int64 {
        sqlite3_column_int64(statement.sqliteStatement, column)
    }

    package func optionalInt(_ column: Int32) -> Int64? {
        isNull(column) ? nil : int(column)
    }

    package func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(statement.sqliteStatement, column) == SQLITE_NULL
    }

    package func bytes(_ column: Int32) -> [UInt8] {
        let count = Int(sqlite3_column_bytes(statement.sqliteStatement, column))
        guard count > 0, let address = sqlite3_column_blob(statement.sqliteStatement, column)
        else { return [] }
        return Array(UnsafeRawBufferPointer(start: address, count: count))
    }

    package func text(_ column: Int32) -> String {
        String(decoding: bytes(column), as: UTF8.self)
    }

    /// The column as a count; an error when it is negative, as nothing that was written is.
    package func natural(_ column: Int32) throws -> UInt64 {
        guard let value = UInt64(exactly: int(column)) else { throw damaged(column) }
        return value
    }

    /// The column as a seq; an error when it is none.
    package func seq(_ column: Int32) throws -> UInt64 {
        let value = try natural(column)
        guard (1...Limits.seqMaximum).contains(value) else { throw damaged(column) }
        return value
    }

    /// The same, or nil for NULL.
    package func optionalNatural(_ column: Int32) throws -> UInt64? {
        isNull(column) ? nil : try natural(column)
    }

    /// The seqs from one column to the one after it.
    package func seqs(_ column: Int32) throws -> ClosedRange<UInt64> {
        let (first, last) = (try seq(column), try seq(column + 1))
        guard first <= last else { throw damaged(column) }
        return first...last
    }

    private func damaged(_ column: Int32) -> StoreError {
        let name = sqlite3_column_name(statement.sqliteStatement, column).map(String.init(cString:))
        return .damaged("\(int(column)) cannot be a \(name ?? "value")")
    }

    private func failure(_ code: Int32) -> any Error {
        database.cause(
            of: DatabaseError(
                resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage,
                sql: statement.sql))
    }
}

/// Tells SQLite to copy what is bound: SQLITE_TRANSIENT, a macro that Swift does not import.
private let transientDestructor = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
