import FikaChat
import FikaCRDT
import FikaLog
import GRDB

extension LogReceipt {
    /// Moves the cursor up while what stands at the next position is known and held (rule R3).
    mutating func advance() throws {
        guard var row = sync else { return }
        var waiting = try heads(after: row.cursor.position)
        try join(&waiting, row)
        while let keys = try nextKeys(after: row.cursor.position, upTo: row.told) {
            guard let facts = try facts(keys), !facts.isEmpty else { break }
            for fact in facts {
                row.cursor.position += 1
                row.cursor.running = RunningHash.next(
                    after: row.cursor.running, opHash: fact.hash)
                if fact.isAccess {
                    row.access = RunningHash.nextAccess(
                        after: row.access, opHash: fact.hash, position: row.cursor.position)
                }
                if waiting.first?.position == row.cursor.position { try join(&waiting, row) }
            }
        }
        row.accessPosition = max(row.accessPosition, row.cursor.position)
        sync = row
        // Only the newest is kept until the cursor is there.
        if let newest = waiting.last, !heads.isEmpty {
            try table.store(newest, ofLog: log, isJoined: false)
        } else if waiting.isEmpty, row.cursor.position > 0 {
            try table.removeHead(ofLog: log, isJoined: false)
        }
    }

    /// The heads that are not reached yet, rising; those of others than the relay's are left out.
    private func heads(after position: UInt64) throws -> [Head] {
        guard let relay = try MetaTable(db: db).bytes(.relay).flatMap({ PublicKey(bytes: $0) })
        else { return [] }
        var found = heads.filter { head in
            head.epoch == epoch && head.position >= max(position, 1)
                && head.position <= UInt64(Int64.max) && head.isSigned(by: relay)
        }
        if let kept = try table.head(ofLog: log, id, isJoined: false), kept.epoch == epoch,
            kept.position >= position
        {
            found.append(kept)
        }
        return found.sorted { $0.position < $1.position }
    }

    /// Takes the heads at the cursor from those waiting; one that joins is the longest by now.
    private func join(_ waiting: inout [Head], _ row: SyncRow) throws {
        while let head = waiting.first, head.position <= row.cursor.position {
            waiting.removeFirst()
            guard head.position == row.cursor.position, head.running == row.cursor.running,
                head.access == row.access
            else { continue }
            try table.store(head, ofLog: log, isJoined: true)
        }
    }

    /// The keys from the position after one on, as far as they are consecutive and held.
    ///
    /// Of an order that goes on in a new epoch only what the relay tells of again counts.
    private func nextKeys(
        after position: UInt64, upTo told: UInt64
    ) throws -> ClosedRange<Int64>? {
        let next = position + 1
        guard next <= told else { return nil }
        let range: ClosedRange<Int64>
        if let acceptance = placed[next] {
            range = acceptance.first.raw...acceptance.last.raw
        } else {
            guard let found = try acceptances.range(ofLog: log, at: next),
                found.lastPosition >= next
            else { return nil }
            range = found.keys.lowerBound + Int64(next - found.position)...found.keys.upperBound
        }
        let first = OpKey(raw: range.lowerBound)
        let have = try writer.log(db).have(ofRow: first.replica)
        guard
            let interval = have.intervals.first(where: {
                $0.first <= first.seq && first.seq <= $0.last
            })
        else { return nil }
        let last = OpKey(replica: first.replica, seq: interval.last).raw
        let toldLast = range.lowerBound + Int64(min(told - next, UInt64(range.count)))
        return range.lowerBound...min(range.upperBound, last, toldLast)
    }

    /// What the hashes need of the first of some held ops.
    private func facts(_ keys: ClosedRange<Int64>) throws -> ArraySlice<FreshOps.Fact>? {
        let first = OpKey(raw: keys.lowerBound)
        let last = OpKey(raw: keys.upperBound)
        let found = fresh.facts(ofReplica: first.replica, seqs: first.seq...last.seq)
        if !found.isEmpty { return found }
        let end = min(last.seq, first.seq + UInt64(Limits.segmentOpsMaximum) - 1)
        let replica = try writer.catalog.replica(first.replica, db).replica
        let ops = try writer.log(db).ops(of: replica, in: id, seqs: first.seq...end)
        let isWhole = zip(ops, first.seq...end).allSatisfy { $0.id.dot.seq == $1 }
        guard isWhole, ops.count == Int(end - first.seq) + 1 else {
            throw StoreError.damaged("ops of replica \(replica) are missing from \(first.seq) on")
        }
        return ops.map { FreshOps.Fact(hash: $0.hash, isAccess: FreshOps.isAccess($0.kind)) }[...]
    }

    // MARK: Access

    /// Finds out by a head's hash whether all access ops below it are held (rule C3).
    ///
    /// Then deletes up to it are judged for certain, though not all content is there.
    mutating func proveAccess() throws {
        guard hasAccess || !heads.isEmpty, let row = sync,
            let head = try table.head(ofLog: log, id, isJoined: false),
            head.epoch == row.epoch, head.position > row.accessPosition
        else { return }
        var access = row.access
        for (key, position) in try accessOps(row.cursor.position + 1...head.position) {
            let replica = try writer.catalog.replica(key.replica, db).replica
            guard
                let op = try writer.log(db)
                    .ops(of: replica, in: id, seqs: key.seq...key.seq).first
            else { return }
            access = RunningHash.nextAccess(after: access, opHash: op.hash, position: position)
        }
        guard access == head.access else { return }
        sync?.accessPosition = head.position
        hasOps = true
    }

    private func accessOps(_ positions: ClosedRange<UInt64>) throws -> [(OpKey, UInt64)] {
        let query = try HotStatement(
            db,
            """
            SELECT op, position FROM access_op WHERE log = ? AND position BETWEEN ? AND ?
            ORDER BY position
            """)
        query.bind(1, log)
        query.bind(2, Int64(clamping: positions.lowerBound))
        query.bind(3, Int64(clamping: positions.upperBound))
        var ops: [(OpKey, UInt64)] = []
        while try query.next() {
            ops.append((OpKey(raw: query.int(0)), try query.natural(1)))
        }
        return ops
    }
}

extension FreshOps {
    static func isAccess(_ kind: Kind) -> Bool { KindFlags(of: kind).contains(.access) }
}
