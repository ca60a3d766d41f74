import FikaLog
import GRDB

/// Which ops the relay has accepted, at which positions.
struct AcceptanceTable {
    let db: Database

    /// The position of an op and when it was accepted; nil while it is pending.
    func acceptance(of key: OpKey) throws -> (position: UInt64, acceptedAt: UInt64)? {
        let query = try HotStatement(
            db,
            """
            SELECT first, position, accepted_at FROM acceptance
            WHERE first <= ?1 AND last >= ?1 ORDER BY first DESC LIMIT 1
            """)
        query.bind(1, key.raw)
        guard try query.next() else { return nil }
        let position = UInt64(query.int(1)) + UInt64(key.raw - query.int(0))
        let acceptedAt = UInt64(query.int(2))
        query.reset()
        return (position, acceptedAt)
    }

    /// Writes ranges down that were not accepted before; others must have equal positions.
    func insert(_ acceptance: Acceptance) throws {
        let last = OpKey(raw: acceptance.first.raw + Int64(acceptance.count) - 1)
        precondition(last.replica == acceptance.first.replica, "a range is of one replica")
        let insert = try HotStatement(
            db,
            """
            INSERT OR IGNORE INTO acceptance (first, last, position, accepted_at)
            VALUES (?, ?, ?, ?)
            """)
        insert.bind(1, acceptance.first.raw)
        insert.bind(2, last.raw)
        insert.bind(3, Int64(acceptance.position))
        insert.bind(4, Int64(acceptance.acceptedAt))
        try insert.run()
    }
}
