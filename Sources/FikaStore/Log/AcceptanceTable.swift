import FikaLog
import GRDB

/// Which ops the relay has accepted, at which positions; no two ranges share an op.
struct AcceptanceTable {
    let db: Database

    /// The position of an op and when it was accepted; nil while it is pending.
    func acceptance(of key: OpKey) throws -> (position: UInt64, acceptedAt: UInt64)? {
        let query = try HotStatement(
            db,
            """
            SELECT first, last, position, accepted_at FROM acceptance
            WHERE first <= ? ORDER BY first DESC LIMIT 1
            """)
        query.bind(1, key.raw)
        guard try query.next() else { return nil }
        defer { query.reset() }
        guard query.int(1) >= key.raw else { return nil }
        return (try position(query, of: key.raw), try query.natural(3))
    }

    /// Writes down what of a range was not accepted before.
    ///
    /// Throws `LogError` when an op has another position already.
    func insert(_ acceptance: Acceptance) throws {
        guard acceptance.count > 0, acceptance.count <= Limits.seqMaximum else {
            throw LogError.inconsistent("an acceptance of \(acceptance.count) ops")
        }
        guard acceptance.position <= UInt64(Int64.max) - acceptance.count else {
            throw LogError.inconsistent("the position \(acceptance.position)")
        }
        let first = acceptance.first.raw
        let last = OpKey(raw: first + Int64(acceptance.count) - 1)
        guard last.replica == acceptance.first.replica else {
            throw LogError.inconsistent("an acceptance goes past the highest seq")
        }
        var next = first
        for held in try ranges(overlapping: first...last.raw) {
            let shared = max(held.keys.lowerBound, first)
            guard held.position(of: shared) == acceptance.position + UInt64(shared - first) else {
                throw LogError.inconsistent("two positions for the op with key \(shared)")
            }
            if next < shared { try insert(acceptance, next...shared - 1) }
            next = held.keys.upperBound + 1
        }
        if next <= last.raw { try insert(acceptance, next...last.raw) }
    }

    private struct Held {
        let keys: ClosedRange<Int64>
        let position: UInt64

        func position(of key: Int64) -> UInt64 { position + UInt64(key - keys.lowerBound) }
    }

    private func ranges(overlapping keys: ClosedRange<Int64>) throws -> [Held] {
        let query = try HotStatement(
            db,
            """
            SELECT first, last, position FROM acceptance
            WHERE last >= ?1 AND first <= ?2 AND first >= ifnull(
                (SELECT max(first) FROM acceptance WHERE first <= ?1), ?1)
            ORDER BY first
            """)
        query.bind(1, keys.lowerBound)
        query.bind(2, keys.upperBound)
        var ranges: [Held] = []
        while try query.next() {
            guard query.int(0) <= query.int(1) else {
                throw StoreError.damaged("the acceptance from key \(query.int(0))")
            }
            let position = try position(query, of: query.int(0))
            ranges.append(Held(keys: query.int(0)...query.int(1), position: position))
        }
        return ranges
    }

    private func insert(_ acceptance: Acceptance, _ keys: ClosedRange<Int64>) throws {
        let insert = try HotStatement(
            db,
            """
            INSERT INTO acceptance (first, last, position, accepted_at) VALUES (?, ?, ?, ?)
            """)
        insert.bind(1, keys.lowerBound)
        insert.bind(2, keys.upperBound)
        let skipped = UInt64(keys.lowerBound - acceptance.first.raw)
        insert.bind(3, Int64(clamping: acceptance.position + skipped))
        insert.bind(4, Int64(clamping: acceptance.acceptedAt))
        try insert.run()
    }

    /// The position of a key by the row that a query stands on.
    private func position(_ query: HotStatement, of key: Int64) throws -> UInt64 {
        let distance = UInt64(key - query.int(0))
        let sum = try query.natural(2).addingReportingOverflow(distance)
        guard !sum.overflow else { throw StoreError.damaged("a position") }
        return sum.partialValue
    }
}
