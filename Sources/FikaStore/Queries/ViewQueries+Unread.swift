package import FikaCRDT
import FikaChat
import FikaLog
import GRDB

extension ViewQueries {
    /// How many rows of a log the viewer has not read, and how many of these mention the viewer.
    package func unread(in log: LogID) throws -> (rows: Int, mentions: Int) {
        guard let row = try catalog.row(of: log, db) else { return (0, 0) }
        let query = try HotStatement(
            db, "SELECT unread, mentions FROM room_summary WHERE log = ?")
        query.bind(1, row)
        guard try query.next() else { return (0, 0) }
        defer { query.reset() }
        return (Int(query.int(0)), Int(query.int(1)))
    }

    /// The first row that the viewer has not read.
    package func firstUnread(in log: LogID) throws -> StoredRow? {
        try unreadRows(in: log, limit: 1).first
    }

    /// The unread rows, the first ones of them.
    package func unreadRows(in log: LogID, limit: Int) throws -> [StoredRow] {
        try unreadRows(in: log, condition: "", limit)
    }

    /// The unread rows above what the viewer has read: those that came late (rule M21).
    package func lateAbove(in log: LogID, limit: Int) throws -> [StoredRow] {
        guard let row = try catalog.row(of: log, db) else { return [] }
        let query = try HotStatement(
            db,
            """
            SELECT read_time, replica_id FROM room_summary
            JOIN row ON row.op = room_summary.read_row
            JOIN replica ON replica.id = ifnull(row.placed, row.op) >> 32
            WHERE room_summary.log = ?
            """)
        query.bind(1, row)
        guard try query.next() else { return [] }
        let time = query.int(0)
        let replica = query.bytes(1)
        query.reset()
        let condition = """
            AND row.time <= ?3 AND (row.time < ?3 OR
                (SELECT replica_id FROM replica
                    WHERE id = ifnull(row.placed, row.op) >> 32) < ?4)
            """
        return try unreadRows(in: log, condition: condition, limit) { statement in
            statement.bind(3, time)
            statement.bind(4, blob: replica)
        }
    }

    private func unreadRows(
        in log: LogID, condition: String, _ limit: Int,
        bind: (HotStatement) -> Void = { _ in }
    ) throws -> [StoredRow] {
        guard let row = try catalog.row(of: log, db) else { return [] }
        let query = try HotStatement(
            db,
            """
            SELECT \(RowReader.columns) FROM row INDEXED BY row_unread
            WHERE row.log = ?1 AND row.unread > 0 \(condition)
            ORDER BY \(RowOrder.rising) LIMIT ?2
            """)
        query.bind(1, row)
        query.bind(2, Int64(max(limit, 0)))
        bind(query)
        return try RowReader(db: db, catalog: catalog).rows(query)
    }

    /// What the viewer has read of each replica of a log.
    package func readMarks(of log: LogID) throws -> VersionVector {
        guard let row = try catalog.row(of: log, db) else { return VersionVector() }
        let query = try HotStatement(
            db,
            """
            SELECT replica_id, first, last FROM replica
            JOIN read_interval ON read_interval.replica = replica.id WHERE log = ?
            """)
        query.bind(1, row)
        var marks = VersionVector()
        while try query.next() {
            guard let replica = ReplicaID(bytes: query.bytes(0)) else {
                throw StoreError.damaged("a replica's id has not 16 bytes")
            }
            marks.insert(try query.seqs(1), of: replica)
        }
        return marks
    }

    /// What a read mark has to name so that nothing between two times, these included, is unread:
    /// the unread rows there.
    package func unreadDots(
        in log: LogID, from first: HybridTime = .zero, upTo last: HybridTime
    ) throws -> VersionVector {
        guard let row = try catalog.row(of: log, db) else { return VersionVector() }
        let query = try HotStatement(
            db,
            """
            SELECT op FROM row INDEXED BY row_unread
            WHERE log = ? AND unread > 0 AND time BETWEEN ? AND ?
            """)
        query.bind(1, row)
        query.bind(2, Int64(bitPattern: first.raw))
        query.bind(3, Int64(bitPattern: last.raw))
        var keys: [OpKey] = []
        while try query.next() { keys.append(OpKey(raw: query.int(0))) }
        return VersionVector(try keys.map { try catalog.dot($0, db) })
    }
}
