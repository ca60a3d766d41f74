import FikaStore
import GRDB

/// Single values of a relay's database, by name.
struct RelayMeta {
    let db: Database

    func bytes(_ key: String) throws -> [UInt8]? {
        let query = try HotStatement(db, "SELECT value FROM meta WHERE key = ?")
        query.bind(1, text: key)
        guard try query.next() else { return nil }
        defer { query.reset() }
        return query.bytes(0)
    }

    func set(_ key: String, _ bytes: [UInt8]) throws {
        let replace = try HotStatement(db, "REPLACE INTO meta (key, value) VALUES (?, ?)")
        replace.bind(1, text: key)
        replace.bind(2, blob: bytes)
        try replace.run()
    }
}
