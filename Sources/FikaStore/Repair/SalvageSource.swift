import GRDB

/// A damaged database, of which each question may fail by itself.
final class SalvageSource {
    let path: String
    private var queue: DatabaseQueue?
    /// The first failure that says nothing about what is stored: the repair is not to go on.
    private var failure: (any Error)?

    /// Opens it; a file that cannot even be opened gives nothing.
    init(path: String) {
        self.path = path
        do {
            queue = try StoreFile.openDamaged(path)
        } catch {
            note(error)
        }
    }

    /// Throws when anything was missed for another reason than damage.
    func checkAllWasAsked() throws {
        if let failure { throw failure }
    }

    private func note(_ error: any Error) {
        if failure == nil, StoreError.isOfSystem(error) { failure = error }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        guard let queue else { throw StoreError.damaged("\(path) cannot be opened") }
        do {
            return try queue.writeWithoutTransaction { db in try db.tidily { try body(db) } }
        } catch {
            note(error)
            throw error
        }
    }

    /// The keys of a table's rows: from its beginning and from its end as far as it can be read.
    func keys(_ column: String, of table: String) -> [Int64] {
        var keys: Set<Int64> = []
        for order in ["ASC", "DESC"] {
            try? read { db in
                let sql = "SELECT \(column) FROM \(table) NOT INDEXED ORDER BY \(column) \(order)"
                let query = try HotStatement(db, sql)
                while try query.next() { keys.insert(query.int(0)) }
            }
        }
        return keys.sorted()
    }
}
