package import GRDB
import GRDBSQLite
import Synchronization

/// Keeps what is in a write-ahead log writable to the disk after a sync failed.
///
/// A system may take what it could not sync for written, as Linux does: a later sync succeeds, and
/// what the failed one left behind is on no disk. Behind such a hole even synced commits are lost
/// with the power, so the log is written again, the same bytes in place, before anything else is.
package final class WriteAheadLog: Sendable {
    private let hasFailed = Mutex(false)

    /// As many frames make SQLite move the log into the database; its own default.
    private static let checkpointFrames: Int32 = 1000
    private static let chunkBytes = 1 << 16

    init() {}

    /// Watches the checkpoints that SQLite makes by itself, whose errors nobody is told.
    func watch(_ db: Database) {
        sqlite3_wal_hook(
            db.sqliteConnection,
            { context, connection, name, frames in
                guard frames >= WriteAheadLog.checkpointFrames, let context else {
                    return SQLITE_OK
                }
                let log = Unmanaged<WriteAheadLog>.fromOpaque(context).takeUnretainedValue()
                let code = sqlite3_wal_checkpoint_v2(
                    connection, name, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
                log.note(code)
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Takes note of what a call of SQLite returned.
    func note(_ error: any Error) {
        guard let error = error as? DatabaseError else { return }
        note(error.extendedResultCode.rawValue)
    }

    private func note(_ code: Int32) {
        guard code == ResultCode.SQLITE_IOERR_FSYNC.rawValue else { return }
        hasFailed.withLock { $0 = true }
    }

    /// Writes the log again if a sync failed; throws while the disk does not take it.
    func makeGood(_ db: Database) throws {
        guard hasFailed.withLock({ $0 }) else { return }
        try Self.renew(db)
        hasFailed.withLock { $0 = false }
    }

    /// Writes the log again: the process before may have been told nothing of what it could not
    /// sync, or may have stopped over it.
    ///
    /// Nobody else may write meanwhile.
    package static func renew(_ db: Database) throws {
        // Only who has read has the log open.
        _ = try Int.fetchOne(db, sql: "PRAGMA user_version")
        var found: UnsafeMutablePointer<sqlite3_file>?
        let code = sqlite3_file_control(
            db.sqliteConnection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &found)
        guard code == SQLITE_OK, let file = found, let methods = file.pointee.pMethods else {
            return
        }
        var size: sqlite3_int64 = 0
        try check(methods.pointee.xFileSize(file, &size))
        guard size > 0 else { return }
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        for start in stride(from: 0, to: size, by: chunkBytes) {
            let count = Int32(min(sqlite3_int64(chunkBytes), size - start))
            try chunk.withUnsafeMutableBytes { bytes in
                try check(methods.pointee.xRead(file, bytes.baseAddress, count, start))
                try check(methods.pointee.xWrite(file, bytes.baseAddress, count, start))
            }
        }
        try check(methods.pointee.xSync(file, SQLITE_SYNC_NORMAL))
    }

    private static func check(_ code: Int32) throws {
        guard code == SQLITE_OK else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code))
        }
    }
}
