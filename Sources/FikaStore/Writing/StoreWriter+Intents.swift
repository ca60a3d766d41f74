package import FikaChat
package import FikaCRDT
package import FikaLog
package import GRDB

extension StoreWriter {
    /// Who may what in a log, under all ops that are held.
    package func history(of log: LogID, _ db: Database) throws -> AccessHistory {
        guard let row = try catalog.row(of: log, db) else {
            throw StoreError.refused(.unknownRoom)
        }
        return try views.history(ofLog: row, db)
    }

    /// The pins of a row that no unpin has ended.
    package func livePins(of id: OpID, _ db: Database) throws -> [Dot] {
        guard let log = try catalog.row(of: id.log, db) else { return [] }
        let key = try catalog.key(of: id.dot, log: log, db)
        let query = try HotStatement(
            db,
            """
            SELECT op FROM pin
            WHERE row = ifnull((SELECT stands_for FROM alias WHERE op = ?1), ?1)
                AND op NOT IN (SELECT pin FROM unpinned)
            ORDER BY op
            """)
        query.bind(1, key.raw)
        var keys: [OpKey] = []
        while try query.next() { keys.append(OpKey(raw: query.int(0))) }
        return try keys.map { try catalog.dot($0, db) }
    }

    /// Takes an item that is refused or held out of the outbox and gives its ops.
    ///
    /// Returns nil when there is no item that begins so; throws `StoreError.refused` when it is on
    /// its way.
    package func takeFromOutbox(_ first: OpID, _ db: Database) throws -> [Op]? {
        guard let ops = try OutboxQuery(db).ops(ofItem: first),
            let log = try catalog.row(of: first.log, db)
        else { return nil }
        guard try OutboxTable(db: db).discard(catalog.key(of: first.dot, log: log, db)) else {
            throw StoreError.refused(.notAllowed("onItsWay"))
        }
        return ops
    }

    /// Derives all that is shown anew from the log.
    package func rebuildViews(_ db: Database) throws {
        try views.rebuildAll(db)
    }

    /// Takes some rows that wait into the index for search; false when none are left.
    package func indexSearch(_ db: Database) throws -> Bool {
        try views.indexSearch(limit: 8192, db)
    }
}
