package import GRDB
import GRDBSQLite
import Glibc

extension Database {
    /// Does something with the database; what fails leaves no query open and says what failed.
    package func tidily<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            resetStatements()
            throw cause(of: error)
        }
    }

    /// What an error of this connection came from.
    ///
    /// Of a read that the system fails (EIO) SQLite says that the file is damaged. Which of the two
    /// it was, the file remembers; where it once was the system, it stays that for the connection.
    package func cause(of error: any Error) -> any Error {
        guard let error = error as? DatabaseError, error.resultCode == .SQLITE_CORRUPT,
            let failure = failedRead
        else { return error }
        return DatabaseError(
            resultCode: .SQLITE_IOERR_READ, message: failure.message, sql: error.sql)
    }

    /// Throws where a read failed: a check of the file names that among what is damaged.
    package func checkReads() throws {
        if let failure = failedRead { throw failure }
    }

    /// The last read that the system failed, of the database or its journal.
    private var failedRead: DatabaseError? {
        var number: Int32 = 0
        sqlite3_file_control(sqliteConnection, "main", SQLITE_FCNTL_LAST_ERRNO, &number)
        var journal: UnsafeMutablePointer<sqlite3_file>?
        if !Self.failsReads.contains(number),
            sqlite3_file_control(sqliteConnection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &journal)
                == SQLITE_OK,
            let journal, let methods = journal.pointee.pMethods
        {
            _ = methods.pointee.xFileControl(journal, SQLITE_FCNTL_LAST_ERRNO, &number)
        }
        guard Self.failsReads.contains(number) else { return nil }
        return DatabaseError(
            resultCode: .SQLITE_IOERR_READ,
            message: "a read failed: \(String(cString: strerror(number)))")
    }

    /// What SQLite takes for a damaged file.
    private static let failsReads = [EIO, ERANGE, ENXIO]
}
