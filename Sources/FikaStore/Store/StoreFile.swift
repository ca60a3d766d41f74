package import GRDB
import Glibc

/// Opens the database file with the settings that a store needs.
package enum StoreFile {
    static func open(_ path: String, isReadOnly: Bool) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "fika"
        configuration.readonly = isReadOnly
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = false
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            try db.tidily {
                // Deleted means gone: freed bytes are overwritten.
                try db.execute(sql: "PRAGMA secure_delete = ON")
                try db.execute(sql: "PRAGMA cache_size = -16384")
                try db.execute(sql: "PRAGMA temp_store = MEMORY")
                if db.configuration.readonly {
                    try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
                }
            }
        }
        let pool = try opening { try DatabasePool(path: path, configuration: configuration) }
        if !isReadOnly {
            try pool.writeWithoutTransaction { db in
                try db.tidily {
                    try checkJournal(db)
                    try WriteAheadLog.renew(db)
                    try Durability.full.apply(to: db)
                }
            }
        }
        return pool
    }

    /// Opens a file that may be damaged, and writes nothing to it.
    package static func openDamaged(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            // GRDB asks this next, and closes the connection where it fails: then nobody knows why.
            try db.tidily { _ = try Row.fetchOne(db, sql: "SELECT * FROM sqlite_master LIMIT 1") }
        }
        return try opening { try DatabaseQueue(path: path, configuration: configuration) }
    }

    /// Opens a database, and once more where it seems damaged.
    ///
    /// GRDB reads a page before it hands a connection out, and where that fails nobody can ask
    /// whether it was the disk (`cause(of:)`). What is damaged is so the second time.
    package static func opening<Opened>(_ open: () throws -> Opened) throws -> Opened {
        do {
            return try open()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            return try open()
        }
    }

    /// Brings a database to the present format.
    package static func migrate(
        _ database: some DatabaseWriter, by migrator: DatabaseMigrator
    ) throws {
        do {
            try migrator.migrate(database)
        } catch {
            throw database.writeWithoutTransaction { $0.cause(of: error) }
        }
    }

    /// Throws when the journal is not the write-ahead log (rule ST2).
    ///
    /// GRDB asks for it and takes the first word for an answer. A commit that fails after that word
    /// leaves the file with a rollback journal, whose commits a loss of power can undo.
    package static func checkJournal(_ db: Database) throws {
        let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? "none"
        guard mode == "wal" else {
            throw StoreError.system("the database has the journal mode \(mode), not wal")
        }
    }

    package static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// Makes the folder, and those above it, for its owner alone.
    package static func makeFolder(_ path: String) throws {
        guard !exists(path) else { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeFolder(String(path[..<slash]))
        }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw StoreError.failedCall("make the folder", path)
        }
    }

    /// Makes an empty database file for its owner alone.
    ///
    /// SQLite gives the files beside it the same mode.
    package static func makePrivate(_ path: String) throws {
        let file = try Descriptor.opening(path, O_RDWR | O_CREAT)
        guard fchmod(file.raw, 0o600) == 0 else {
            throw StoreError.failedCall("change the mode of", path)
        }
    }

    /// Removes what a making of the store that crashed may have left.
    static func removeLeftovers(_ folder: String) throws {
        for name in ["identity", "identity.new", "marker"] {
            guard unlink(folder + "/" + name) == 0 || errno == ENOENT else {
                throw StoreError.failedCall("remove", folder + "/" + name)
            }
        }
    }

    /// Opens a store's file for reading.
    ///
    /// A file with a transaction to undo is none yet: a finished store has a write-ahead log.
    static func openForReading(folder: String, _ path: String) throws -> DatabasePool {
        do {
            let pool = try open(path, isReadOnly: true)
            try checkFormat(pool, path: folder)
            return pool
        } catch let error as DatabaseError
            where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK
        {
            throw StoreError.notFound(path: folder)
        }
    }

    /// Throws when the file is no store, or was written by a later version.
    static func checkFormat(_ pool: DatabasePool, path: String) throws {
        try pool.read { db in
            try db.tidily {
                guard try db.tableExists("meta") else {
                    throw StoreError.notFound(path: path)
                }
                if try Migrations.migrator.hasBeenSuperseded(db) {
                    throw StoreError.newerFormat(path)
                }
                guard try MetaTable(db: db).isMade() else { throw StoreError.notFound(path: path) }
            }
        }
    }
}
