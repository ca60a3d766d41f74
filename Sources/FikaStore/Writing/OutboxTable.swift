import FikaChat
import FikaLog
package import GRDB

/// Ranges of own ops that the relay has not accepted yet, with what became of them.
package struct OutboxTable {
    let db: Database

    package init(db: Database) {
        self.db = db
    }

    func insert(_ key: OpKey, writtenAt: UInt64) throws {
        try insert(first: key, last: key, writtenAt: writtenAt, isImport: false)
    }

    func insert(first: OpKey, last: OpKey, writtenAt: UInt64, isImport: Bool) throws {
        let insert = try HotStatement(
            db, "INSERT INTO outbox (first, last, written_at, is_import) VALUES (?, ?, ?, ?)")
        insert.bind(1, first.raw)
        insert.bind(2, last.raw)
        insert.bind(3, Int64(bitPattern: writtenAt))
        insert.bind(4, isImport ? 1 : 0)
        try insert.run()
    }

    private static let columns = "first, last, written_at, is_import, state, reason"

    /// All ranges: own writing first in the order of writing, imports last.
    package func entries() throws -> [OutboxEntry] {
        try entries(
            try HotStatement(
                db,
                """
                SELECT \(Self.columns) FROM outbox ORDER BY is_import, written_at, first
                """))
    }

    private func entries(_ query: HotStatement) throws -> [OutboxEntry] {
        var entries: [OutboxEntry] = []
        while try query.next() {
            let keys = (OpKey(raw: query.int(0)), OpKey(raw: query.int(1)))
            guard let state = OutboxEntry.State(rawValue: query.int(4)), keys.0 <= keys.1 else {
                throw StoreError.damaged("outbox row \(query.int(0))")
            }
            entries.append(
                OutboxEntry(
                    first: keys.0, last: keys.1,
                    writtenAt: UInt64(bitPattern: query.int(2)), isImport: query.int(3) != 0,
                    state: state,
                    reason: query.optionalInt(5).flatMap {
                        CloseReason(rawValue: UInt8(truncatingIfNeeded: $0))
                    }))
        }
        return entries
    }

    /// Takes accepted ops out of the queue, cutting ranges where needed.
    func removeAccepted(_ acceptance: Acceptance) throws {
        try remove(acceptance.first.raw...acceptance.last.raw)
    }

    /// Takes ops out, cutting ranges where needed.
    func remove(_ keys: ClosedRange<Int64>) throws {
        for row in try entries(overlapping: keys) {
            try delete(row.first)
            if row.first.raw < keys.lowerBound {
                try insert(row.part(row.first.raw...keys.lowerBound - 1))
            }
            if row.last.raw > keys.upperBound {
                try insert(row.part(keys.upperBound + 1...row.last.raw))
            }
        }
    }

    /// Says what became of queued ops, cutting ranges where needed.
    func set(
        _ state: OutboxEntry.State, reason: CloseReason?, of keys: ClosedRange<Int64>
    ) throws {
        for row in try entries(overlapping: keys) where row.isQueued {
            let touched =
                max(row.first.raw, keys.lowerBound)...min(row.last.raw, keys.upperBound)
            try remove(touched)
            var part = row.part(touched)
            part.state = state
            part.reason = reason
            try insert(part)
        }
    }

    func entries(overlapping keys: ClosedRange<Int64>) throws -> [OutboxEntry] {
        let query = try HotStatement(
            db,
            """
            SELECT \(Self.columns) FROM outbox
            WHERE first <= ?2 AND last >= ?1 AND first >= ifnull(
                (SELECT max(first) FROM outbox WHERE first <= ?1), ?1)
            ORDER BY first
            """)
        query.bind(1, keys.lowerBound)
        query.bind(2, keys.upperBound)
        return try entries(query)
    }

    /// What is to go up: own writing first in the order of writing, imports last.
    func queued() throws -> [OutboxEntry] {
        try entries(
            try HotStatement(
                db,
                """
                SELECT \(Self.columns) FROM outbox WHERE state = 0
                ORDER BY is_import, written_at, first
                """))
    }

    /// Puts ops back that are not accepted any more.
    func restore(_ acceptance: Acceptance, isImport: Bool) throws {
        try remove(acceptance.first.raw...acceptance.last.raw)
        try insert(
            first: acceptance.first, last: acceptance.last, writtenAt: acceptance.acceptedAt,
            isImport: isImport)
    }

    private func delete(_ first: OpKey) throws {
        let delete = try HotStatement(db, "DELETE FROM outbox WHERE first = ?")
        delete.bind(1, first.raw)
        try delete.run()
    }

    private func insert(_ entry: OutboxEntry) throws {
        let insert = try HotStatement(
            db,
            """
            INSERT INTO outbox (\(Self.columns)) VALUES (?, ?, ?, ?, ?, ?)
            """)
        insert.bind(1, entry.first.raw)
        insert.bind(2, entry.last.raw)
        insert.bind(3, Int64(bitPattern: entry.writtenAt))
        insert.bind(4, entry.isImport ? 1 : 0)
        insert.bind(5, entry.state.rawValue)
        insert.bind(6, entry.reason.map { Int64($0.rawValue) })
        try insert.run()
    }

    /// Takes an item out that a person has decided about; false when there is none such.
    package func discard(_ first: OpKey) throws -> Bool {
        let delete = try HotStatement(db, "DELETE FROM outbox WHERE first = ? AND state != 0")
        delete.bind(1, first.raw)
        try delete.run()
        return db.changesCount > 0
    }

    func removeAll(ofReplica replica: Int64) throws {
        let delete = try HotStatement(db, "DELETE FROM outbox WHERE first BETWEEN ? AND ?")
        delete.bind(1, replica << 32)
        delete.bind(2, replica << 32 | 0xFFFF_FFFF)
        try delete.run()
    }
}
