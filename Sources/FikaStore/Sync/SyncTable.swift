import FikaCRDT
import FikaLog
import GRDB

/// How far each log is in the relay's order, and the heads that the relay signed.
struct SyncTable {
    let db: Database

    private static let columns = """
        epoch, position, running, access, told, access_position, is_ended
        """

    func row(ofLog log: Int64) throws -> SyncRow? {
        let query = try HotStatement(
            db,
            "SELECT \(Self.columns), log_id FROM sync JOIN log ON log.id = sync.log WHERE log = ?")
        query.bind(1, log)
        guard try query.next() else { return nil }
        defer { query.reset() }
        guard let id = LogID(bytes: query.bytes(7)), let running = Digest(bytes: query.bytes(2)),
            let access = Digest(bytes: query.bytes(3))
        else { throw StoreError.damaged("the sync row of log \(log)") }
        var row = SyncRow(log: id, epoch: Epoch(raw: UInt64(bitPattern: query.int(0))))
        row.cursor = Cursor(position: try query.natural(1), running: running)
        row.access = access
        row.told = try query.natural(4)
        row.accessPosition = try query.natural(5)
        row.isEnded = query.int(6) != 0
        return row
    }

    func store(_ row: SyncRow, ofLog log: Int64) throws {
        let replace = try HotStatement(
            db,
            "REPLACE INTO sync (log, \(Self.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        replace.bind(1, log)
        replace.bind(2, Int64(bitPattern: row.epoch.raw))
        replace.bind(3, Int64(clamping: row.cursor.position))
        replace.bind(4, blob: row.cursor.running.bytes)
        replace.bind(5, blob: row.access.bytes)
        replace.bind(6, Int64(clamping: row.told))
        replace.bind(7, Int64(clamping: row.accessPosition))
        replace.bind(8, row.isEnded ? 1 : 0)
        try replace.run()
    }

    /// Up to where all access ops are held; everywhere in a log that no relay told of.
    func accessPosition(ofLog log: Int64) throws -> UInt64 {
        let query = try HotStatement(db, "SELECT access_position FROM sync WHERE log = ?")
        query.bind(1, log)
        guard try query.next() else { return .max }
        defer { query.reset() }
        return try query.natural(0)
    }

    /// The rows of all logs of which something was told.
    func logs() throws -> [Int64] {
        let query = try HotStatement(db, "SELECT log FROM sync ORDER BY log")
        var logs: [Int64] = []
        while try query.next() { logs.append(query.int(0)) }
        return logs
    }

    // MARK: Heads

    /// The longest head that the cursor has joined, or the newest one ahead of it.
    func head(ofLog log: Int64, _ id: LogID, isJoined: Bool) throws -> Head? {
        let query = try HotStatement(
            db,
            """
            SELECT epoch, position, running, access, signature FROM head
            WHERE log = ? AND is_joined = ?
            """)
        query.bind(1, log)
        query.bind(2, isJoined ? 1 : 0)
        guard try query.next() else { return nil }
        defer { query.reset() }
        guard let running = Digest(bytes: query.bytes(2)),
            let access = Digest(bytes: query.bytes(3)),
            let signature = Signature(bytes: query.bytes(4))
        else { throw StoreError.damaged("a head of log \(id)") }
        return Head(
            log: id, epoch: Epoch(raw: UInt64(bitPattern: query.int(0))),
            position: try query.natural(1), running: running, access: access,
            signature: signature)
    }

    func store(_ head: Head, ofLog log: Int64, isJoined: Bool) throws {
        let replace = try HotStatement(
            db,
            """
            REPLACE INTO head (log, is_joined, epoch, position, running, access, signature)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
        replace.bind(1, log)
        replace.bind(2, isJoined ? 1 : 0)
        replace.bind(3, Int64(bitPattern: head.epoch.raw))
        replace.bind(4, Int64(clamping: head.position))
        replace.bind(5, blob: head.running.bytes)
        replace.bind(6, blob: head.access.bytes)
        replace.bind(7, blob: head.signature.bytes)
        try replace.run()
    }

    func removeHead(ofLog log: Int64, isJoined: Bool) throws {
        let delete = try HotStatement(db, "DELETE FROM head WHERE log = ? AND is_joined = ?")
        delete.bind(1, log)
        delete.bind(2, isJoined ? 1 : 0)
        try delete.run()
    }
}
