package import GRDB

/// The numbered steps from an empty file to the newest format.
package enum Migrations {
    package static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            try db.execute(sql: Migration1.log)
            try db.execute(sql: Migration1.views)
        }
        return migrator
    }
}
