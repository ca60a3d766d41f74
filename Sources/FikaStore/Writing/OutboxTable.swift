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

    /// All ranges: own writing first in the order of writing, imports last.
    package func entries() throws -> [OutboxEntry] {
        let query = try HotStatement(
            db,
            """
            SELECT first, last, written_at, is_import, state, reason FROM outbox
            ORDER BY is_import, written_at, first
            """)
        var entries: [OutboxEntry] = []
        while try query.next() {
            guard let state = OutboxEntry.State(rawValue: query.int(4)) else {
                throw StoreError.damaged("outbox row \(query.int(0)) has no known state")
            }
            entries.append(
                OutboxEntry(
                    first: OpKey(raw: query.int(0)), last: OpKey(raw: query.int(1)),
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
        let accepted =
            acceptance.first.raw...acceptance.first.raw + Int64(acceptance.count) - 1
        let query = try HotStatement(
            db,
            """
            SELECT first, last, written_at, is_import, state, reason FROM outbox
            WHERE first <= ?2 AND last >= ?1 AND state = 0
            """)
        query.bind(1, accepted.lowerBound)
        query.bind(2, accepted.upperBound)
        var touched: [(first: Int64, last: Int64, writtenAt: UInt64, isImport: Bool)] = []
        while try query.next() {
            touched.append(
                (
                    query.int(0), query.int(1), UInt64(bitPattern: query.int(2)),
                    query.int(3) != 0
                ))
        }
        for row in touched {
            let delete = try HotStatement(db, "DELETE FROM outbox WHERE first = ?")
            delete.bind(1, row.first)
            try delete.run()
            let rests = [
                (row.first, accepted.lowerBound - 1), (accepted.upperBound + 1, row.last),
            ]
            for (first, last) in rests where first <= last {
                try insert(
                    first: OpKey(raw: first), last: OpKey(raw: last), writtenAt: row.writtenAt,
                    isImport: row.isImport)
            }
        }
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
