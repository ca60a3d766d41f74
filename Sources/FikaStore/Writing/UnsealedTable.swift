import FikaCRDT
import FikaLog
import GRDB

/// The ops written here that nobody else has seen.
struct UnsealedTable {
    let db: Database

    func insert(_ row: UnsealedRow) throws {
        let insert = try HotStatement(
            db,
            """
            INSERT INTO unsealed (\(UnsealedRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        row.bind(insert)
        try insert.run()
    }

    func replace(_ row: UnsealedRow) throws {
        let replace = try HotStatement(
            db,
            """
            REPLACE INTO unsealed (\(UnsealedRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        row.bind(replace)
        try replace.run()
    }

    func row(_ key: OpKey) throws -> UnsealedRow? {
        let query = try HotStatement(
            db, "SELECT \(UnsealedRow.columns) FROM unsealed WHERE op = ?")
        query.bind(1, key.raw)
        guard try query.next() else { return nil }
        defer { query.reset() }
        return try UnsealedRow(query)
    }

    /// All unsealed ops of a replica, rising.
    func rows(ofReplica replica: Int64) throws -> [UnsealedRow] {
        try rows(replica << 32...(replica << 32 | 0xFFFF_FFFF))
    }

    func rows(_ keys: ClosedRange<Int64>) throws -> [UnsealedRow] {
        let query = try HotStatement(
            db,
            """
            SELECT \(UnsealedRow.columns) FROM unsealed WHERE op BETWEEN ? AND ? ORDER BY op
            """)
        query.bind(1, keys.lowerBound)
        query.bind(2, keys.upperBound)
        var rows: [UnsealedRow] = []
        while try query.next() { rows.append(try UnsealedRow(query)) }
        return rows
    }

    /// The unsealed ops of a replica that aim at an op, or are it.
    func rows(touching key: OpKey, target: [UInt8], ofReplica replica: Int64) throws
        -> [UnsealedRow]
    {
        let query = try HotStatement(
            db,
            """
            SELECT \(UnsealedRow.columns) FROM unsealed
            WHERE op BETWEEN ? AND ? AND (op = ? OR target = ?) ORDER BY op
            """)
        query.bind(1, replica << 32)
        query.bind(2, replica << 32 | 0xFFFF_FFFF)
        query.bind(3, key.raw)
        query.bind(4, blob: target)
        var rows: [UnsealedRow] = []
        while try query.next() { rows.append(try UnsealedRow(query)) }
        return rows
    }

    func delete(ofReplica replica: Int64) throws {
        try delete(replica << 32...(replica << 32 | 0xFFFF_FFFF))
    }

    func delete(_ keys: ClosedRange<Int64>) throws {
        let delete = try HotStatement(db, "DELETE FROM unsealed WHERE op BETWEEN ? AND ?")
        delete.bind(1, keys.lowerBound)
        delete.bind(2, keys.upperBound)
        try delete.run()
    }

    /// The highest time of a replica's unsealed ops; zero without any.
    func lastTime(ofReplica replica: Int64) throws -> HybridTime {
        let query = try HotStatement(
            db, "SELECT max(time) FROM unsealed WHERE op BETWEEN ? AND ?")
        query.bind(1, replica << 32)
        query.bind(2, replica << 32 | 0xFFFF_FFFF)
        guard try query.next() else { return .zero }
        defer { query.reset() }
        return HybridTime(raw: UInt64(bitPattern: query.int(0)))
    }

    /// The highest seq of a replica's unsealed ops; 0 without any.
    func lastSeq(ofReplica replica: Int64) throws -> UInt64 {
        let query = try HotStatement(
            db, "SELECT max(op) FROM unsealed WHERE op BETWEEN ? AND ?")
        query.bind(1, replica << 32)
        query.bind(2, replica << 32 | 0xFFFF_FFFF)
        guard try query.next() else { return 0 }
        defer { query.reset() }
        return query.optionalInt(0).map { OpKey(raw: $0).seq } ?? 0
    }
}
