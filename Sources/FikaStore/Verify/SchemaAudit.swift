package import GRDB

/// Compares what a database says of its tables with what the migrations make.
package enum SchemaAudit {
    /// A sentence for each table, index or trigger that is not as it was made.
    package static func problems(
        _ db: Database, madeBy migrator: DatabaseMigrator
    ) throws -> [String] {
        let fresh = try DatabaseQueue()
        try migrator.migrate(fresh)
        let made = try fresh.read { try texts($0) }
        let found = try texts(db)
        return Set(made.keys).union(found.keys).sorted().filter { made[$0] != found[$0] }.map {
            "what makes \($0) is not as it was written"
        }
    }

    private static func texts(_ db: Database) throws -> [String: String] {
        var texts: [String: String] = [:]
        let sql = """
            SELECT name, type || ' ' || tbl_name || ' ' || ifnull(sql, '') FROM sqlite_master
            """
        for row in try Row.fetchAll(db, sql: sql) { texts[row[0]] = row[1] }
        return texts
    }
}
