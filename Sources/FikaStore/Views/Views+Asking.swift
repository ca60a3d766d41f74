package import FikaChat
package import GRDB

extension Views {
    /// Who may what in a log, at any point of it.
    package func history(ofLog log: Int64, _ db: Database) throws -> AccessHistory {
        try context(ofLog: log, db).history
    }

    /// Whether the log holds an op of an unknown critical kind, so that nothing may be written.
    package func isReadOnly(log: Int64, _ db: Database) throws -> Bool {
        try context(ofLog: log, db).summary.isReadOnly
    }

    /// Whether an imported line with this key is here, deleted or not.
    package func holds(_ key: ImportKey, log: Int64, _ db: Database) throws -> Bool {
        let query = try HotStatement(db, "SELECT 1 FROM import_key WHERE key = ? AND log = ?")
        query.bind(1, Int64(bitPattern: key.raw))
        query.bind(2, log)
        guard try query.next() else { return false }
        query.reset()
        return true
    }

    /// Who wrote or imported the row that a key names; nil when there is no such row.
    ///
    /// Of an imported line that is here several times it is who imported the one that is named.
    package func author(ofRow key: OpKey, _ db: Database) throws -> Author? {
        let log = try catalog.replica(key.replica, db).log
        let context = try context(ofLog: log, db)
        let pass = try LogPass(views: self, context: context, indexesNow: false, db)
        guard let row = try pass.row(key) else { return nil }
        if row.kind == .imported {
            let query = try HotStatement(db, "SELECT name FROM person WHERE id = ?")
            query.bind(1, row.author)
            let name = try query.next() ? query.text(0) : ""
            query.reset()
            return try pass.writer(key.replica).user.map { .imported(name: name, importer: $0) }
        }
        return try pass.writer(row.standing.replica).user.map { .user($0) }
    }
}
