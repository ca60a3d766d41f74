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
    /// Gives the parts that are new. Throws `LogError` when an op has another position already.
    @discardableResult
    func insert(_ acceptance: Acceptance) throws -> [Acceptance] {
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
        var new: [Acceptance] = []
        for held in try ranges(overlapping: first...last.raw) {
            let shared = max(held.keys.lowerBound, first)
            guard held.position(of: shared) == acceptance.position + UInt64(shared - first) else {
                throw LogError.inconsistent("two positions for the op with key \(shared)")
            }
            if next < shared { new.append(try insert(acceptance, next...shared - 1)) }
            next = held.keys.upperBound + 1
        }
        if next <= last.raw { new.append(try insert(acceptance, next...last.raw)) }
        return new
    }

    /// Ops with consecutive keys and positions.
    struct Held {
        let keys: ClosedRange<Int64>
        let position: UInt64
        let acceptedAt: UInt64

        func position(of key: Int64) -> UInt64 { position + UInt64(key - keys.lowerBound) }
    }

    /// The ranges that touch some keys, whole, rising.
    func ranges(overlapping keys: ClosedRange<Int64>) throws -> [Held] {
        let query = try HotStatement(
            db,
            """
            SELECT first, last, position, accepted_at FROM acceptance
            WHERE last >= ?1 AND first <= ?2 AND first >= ifnull(
                (SELECT max(first) FROM acceptance WHERE first <= ?1), ?1)
            ORDER BY first
            """)
        query.bind(1, keys.lowerBound)
        query.bind(2, keys.upperBound)
        var ranges: [Held] = []
        while try query.next() {
            ranges.append(try held(query))
        }
        return ranges
    }

    private func held(_ query: HotStatement) throws -> Held {
        guard query.int(0) <= query.int(1) else {
            throw StoreError.damaged("the acceptance from key \(query.int(0))")
        }
        return Held(
            keys: query.int(0)...query.int(1), position: try position(query, of: query.int(0)),
            acceptedAt: try query.natural(3))
    }

    private func insert(
        _ acceptance: Acceptance, _ keys: ClosedRange<Int64>
    ) throws -> Acceptance {
        let insert = try HotStatement(
            db,
            """
            INSERT INTO acceptance (first, last, position, accepted_at, log)
            VALUES (?1, ?2, ?3, ?4, (SELECT log FROM replica WHERE id = ?1 >> 32))
            """)
        let skipped = UInt64(keys.lowerBound - acceptance.first.raw)
        let part = Acceptance(
            first: OpKey(raw: keys.lowerBound), count: UInt64(keys.count),
            position: acceptance.position + skipped, acceptedAt: acceptance.acceptedAt)
        insert.bind(1, keys.lowerBound)
        insert.bind(2, keys.upperBound)
        insert.bind(3, Int64(clamping: part.position))
        insert.bind(4, Int64(clamping: part.acceptedAt))
        try insert.run()
        return part
    }

    // MARK: By position

    /// The range that has a position, or the highest one below it; nil without any.
    func range(ofLog log: Int64, at position: UInt64) throws -> Held? {
        let query = try HotStatement(
            db,
            """
            SELECT first, last, position, accepted_at FROM acceptance
            WHERE log = ? AND position <= ? ORDER BY position DESC LIMIT 1
            """)
        query.bind(1, log)
        query.bind(2, Int64(clamping: position))
        guard try query.next() else { return nil }
        defer { query.reset() }
        return try held(query)
    }

    /// The ranges that touch some positions of a log, whole, rising.
    func ranges(ofLog log: Int64, positions: ClosedRange<UInt64>) throws -> [Held] {
        let query = try HotStatement(
            db,
            """
            SELECT first, last, position, accepted_at FROM acceptance
            WHERE log = ?1 AND position <= ?3 AND position >= ifnull(
                (SELECT max(position) FROM acceptance WHERE log = ?1 AND position <= ?2), ?2)
            ORDER BY position
            """)
        query.bind(1, log)
        query.bind(2, Int64(clamping: positions.lowerBound))
        query.bind(3, Int64(clamping: positions.upperBound))
        var ranges: [Held] = []
        while try query.next() { ranges.append(try held(query)) }
        return ranges.filter { $0.lastPosition >= positions.lowerBound }
    }

    /// Gives ops the positions that are known of them; of each replica a few queries for all.
    func accept(_ ops: inout [ViewOp]) throws {
        var keys: [Int64: ClosedRange<Int64>] = [:]
        for op in ops {
            let known = keys[op.key.replica] ?? op.key.raw...op.key.raw
            keys[op.key.replica] =
                min(known.lowerBound, op.key.raw)...max(known.upperBound, op.key.raw)
        }
        let held = try keys.mapValues { try ranges(overlapping: $0) }
        for index in ops.indices {
            let key = ops[index].key
            guard let ranges = held[key.replica], !ranges.isEmpty else { continue }
            var (low, high) = (0, ranges.count)
            while low < high {
                let middle = (low + high) / 2
                if ranges[middle].keys.upperBound < key.raw {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            guard low < ranges.count, ranges[low].keys.contains(key.raw) else { continue }
            ops[index].position = ranges[low].position(of: key.raw)
            ops[index].acceptedAt = ranges[low].acceptedAt
        }
    }

    /// The last op of a replica that is known to be accepted; nil without any.
    func last(ofReplica replica: Int64) throws -> OpKey? {
        let query = try HotStatement(
            db,
            """
            SELECT last FROM acceptance WHERE first BETWEEN ? AND ? ORDER BY first DESC LIMIT 1
            """)
        query.bind(1, replica << 32)
        query.bind(2, replica << 32 | 0xFFFF_FFFF)
        guard try query.next() else { return nil }
        defer { query.reset() }
        return OpKey(raw: query.int(0))
    }

    /// Forgets the positions of a log beyond one; gives what was forgotten, rising.
    func letGo(ofLog log: Int64, beyond position: UInt64) throws -> [Acceptance] {
        guard position < UInt64(Int64.max) else { return [] }
        let ranges = try ranges(ofLog: log, positions: position + 1...UInt64(Int64.max))
        var forgotten: [Acceptance] = []
        for range in ranges {
            let delete = try HotStatement(db, "DELETE FROM acceptance WHERE first = ?")
            delete.bind(1, range.keys.lowerBound)
            try delete.run()
            let whole = range.acceptance
            let kept = position >= range.position ? position - range.position + 1 : 0
            if kept > 0 {
                _ = try insert(
                    whole, range.keys.lowerBound...range.keys.lowerBound + Int64(kept) - 1)
            }
            forgotten.append(
                Acceptance(
                    first: OpKey(raw: whole.first.raw + Int64(kept)), count: whole.count - kept,
                    position: whole.position + kept, acceptedAt: whole.acceptedAt))
        }
        return forgotten
    }

    /// The position of a key by the row that a query stands on.
    private func position(_ query: HotStatement, of key: Int64) throws -> UInt64 {
        let distance = UInt64(key - query.int(0))
        let sum = try query.natural(2).addingReportingOverflow(distance)
        guard !sum.overflow else { throw StoreError.damaged("a position") }
        return sum.partialValue
    }
}

extension AcceptanceTable.Held {
    var lastPosition: UInt64 { position + UInt64(keys.upperBound - keys.lowerBound) }

    var acceptance: Acceptance {
        Acceptance(
            first: OpKey(raw: keys.lowerBound), count: UInt64(keys.count), position: position,
            acceptedAt: acceptedAt)
    }
}
