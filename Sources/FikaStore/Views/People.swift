import FikaLog
import GRDB

/// Rows of persons: users, and names that lines were imported under.
///
/// It belongs to the writing connection and is forgotten after a rollback.
final class People {
    private var users: [UserID: Int64] = [:]
    private var names: [[UInt8]: Int64] = [:]
    /// More names than a year of a busy channel has; above it they are looked up again.
    private static let namesMaximum = 1 << 16

    func forget() {
        users = [:]
        names = [:]
    }

    func row(of user: UserID, _ db: Database) throws -> Int64 {
        if let row = users[user] { return row }
        let row = try makeRow(name: Array(user.text.utf8), isUser: 1, db)
        users[user] = row
        return row
    }

    /// The row of a name, given as its bytes.
    func row(ofName name: ArraySlice<UInt8>, _ db: Database) throws -> Int64 {
        let name = Array(name)
        if let row = names[name] { return row }
        let row = try makeRow(name: name, isUser: 0, db)
        if names.count == Self.namesMaximum { names = [:] }
        names[name] = row
        return row
    }

    private func makeRow(name: [UInt8], isUser: Int64, _ db: Database) throws -> Int64 {
        let query = try HotStatement(db, "SELECT id FROM person WHERE name = ? AND is_user = ?")
        query.bind(1, text: name)
        query.bind(2, isUser)
        if try query.next() {
            defer { query.reset() }
            return query.int(0)
        }
        let insert = try HotStatement(db, "INSERT INTO person (name, is_user) VALUES (?, ?)")
        insert.bind(1, text: name)
        insert.bind(2, isUser)
        try insert.run()
        return db.lastInsertedRowID
    }
}
