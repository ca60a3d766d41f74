import FikaChat
import FikaLog
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
            try leaveOutUnjudged(catalog, source, db)
            return try tables.compactMap { try difference($0, db) }
        }
    }

    /// Forgets outcomes whose cause is destroyed: it was in the op's body, or in that of the poll
    /// that the op is aimed at.
    private static func leaveOutUnjudged(
        _ catalog: Catalog, _ source: StoredOps, _ db: Database
    ) throws {
        let keys = try Int64.fetchAll(
            db,
            sql: """
                SELECT op FROM (SELECT * FROM outcome EXCEPT SELECT * FROM old_outcome)
                UNION SELECT op FROM (SELECT * FROM old_outcome EXCEPT SELECT * FROM outcome)
                """)
        for key in keys where try isUnjudged(OpKey(raw: key), catalog, source, db) {
            for table in ["outcome", "old_outcome"] {
                try db.execute(sql: "DELETE FROM \(table) WHERE op = ?", arguments: [key])
            }
        }
    }

    private static func isUnjudged(
        _ key: OpKey, _ catalog: Catalog, _ source: StoredOps, _ db: Database
    ) throws -> Bool {
        let isErased = "SELECT EXISTS (SELECT 1 FROM erasure WHERE op = ?)"
        if try Bool.fetchOne(db, sql: isErased, arguments: [key.raw]) == true { return true }
        guard let op = try source.viewOp(key, db), let target = op.target else { return false }
        let poll = try catalog.key(of: target, log: op.log, db).raw
        return try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (
                    SELECT 1 FROM row
                    WHERE op = ifnull((SELECT stands_for FROM alias WHERE op = ?1), ?1)
                        AND kind = ?2 AND marks & ?3)
                """,
            arguments: [poll, Int64(ChatKind.poll.kind.number), RowMarks.doomed.rawValue]) == true
    }

    private static func difference(_ table: String, _ db: Database) throws -> StoreProblem? {
        let missing = try rows(
            "SELECT * FROM \(table) EXCEPT SELECT * FROM old_\(table)", db)
        let extra = try rows(
            "SELECT * FROM old_\(table) EXCEPT SELECT * FROM \(table)", db)
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
