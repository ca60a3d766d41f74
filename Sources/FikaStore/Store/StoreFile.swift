import GRDB

/// Opens the database file with the settings that a store needs.
enum StoreFile {
    static func open(_ path: String, mode: StoreMode) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "fika"
        configuration.readonly = mode == .reading
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = false
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            // Deleted means gone: freed bytes are overwritten.
            try db.execute(sql: "PRAGMA secure_delete = ON")
            try db.execute(sql: "PRAGMA cache_size = -16384")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
            if db.configuration.readonly {
                try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
            }
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        if mode == .writing {
            try pool.writeWithoutTransaction { try Durability.full.apply(to: $0) }
        }
        return pool
    }

    /// Throws when the file is no store, or was written by a later version.
    static func checkFormat(_ pool: DatabasePool, path: String) throws {
        try pool.read { db in
            guard try db.tableExists("meta") else {
                throw StoreError.notFound(path: path)
            }
            if try Migrations.migrator.hasBeenSuperseded(db) {
                throw StoreError.newerFormat(path)
            }
        }
    }
}
