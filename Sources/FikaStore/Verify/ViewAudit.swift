import GRDB

/// Compares the views with a rebuild from the log, on a copy of the database.
struct ViewAudit {
    /// What a row of the views tells people; `writer` and `person` only help to keep it.
    private static let tables =
        Migration1.perLog.map(\.table).filter { $0 != "writer" }
        + ["room_summary", "read_interval", "log_flag"]

    /// Returns what differs, a sentence a table.
    ///
    /// The copy is a temporary file that SQLite deletes; the store itself is not written.
    static func differences(of store: Store) throws -> [StoreProblem] {
        let copy = try DatabaseQueue(path: "")
        try store.pool.backup(to: copy)
        return try copy.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = OFF")
            for table in tables {
                try db.execute(sql: "CREATE TEMP TABLE old_\(table) AS SELECT * FROM \(table)")
            }
            let catalog = Catalog()
            let source = StoredOps(catalog: catalog, reader: SegmentReader())
            let views = Views(
                catalog: catalog, source: source, viewer: store.profile.user,
                trustedRelays: try MetaTable(db: db).trustedRelays())
            try db.inTransaction(.immediate) {
                try views.rebuildAll(db)
                return .commit
            }
            return try tables.compactMap { try difference($0, db) }
        }
    }

    private static func difference(_ table: String, _ db: Database) throws -> StoreProblem? {
        // Why an erased op did not count was in its body.
        let filter = table == "outcome" ? " WHERE op NOT IN (SELECT op FROM erasure)" : ""
        let missing = try rows(
            "SELECT * FROM \(table)\(filter) EXCEPT SELECT * FROM old_\(table)", db)
        let extra = try rows(
            "SELECT * FROM old_\(table)\(filter) EXCEPT SELECT * FROM \(table)", db)
        guard missing.count + extra.count > 0 else { return nil }
        return StoreProblem(
            what: """
                the view \(table) is not what the log gives: \(missing.count) rows missing, \
                \(extra.count) too many; one is \(extra.first ?? missing.first ?? "")
                """)
    }

    private static func rows(
        _ sql: String, _ db: Database
    ) throws -> (count: Int, first: String?) {
        let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM (\(sql))") ?? 0
        guard count > 0 else { return (0, nil) }
        return (count, try Row.fetchOne(db, sql: sql + " LIMIT 1")?.description)
    }
}
