import FikaCRDT
import FikaLog
import GRDB

extension SQLiteLog {
    /// Takes a replica's ops out, of which nobody will ever hear, and who it is.
    func remove(replica row: Int64) throws {
        try remove(replica: row, from: 1, tail: [])
        let update = try HotStatement(
            db,
            """
            UPDATE replica SET intro_time = NULL, intro_body = NULL, intro_signature = NULL
            WHERE id = ?
            """)
        update.bind(1, row)
        try update.run()
    }

    /// Takes a replica's ops from a seq on out.
    ///
    /// `tail` covers what is left just below; without it, what comes next must join and cover it.
    func remove(replica row: Int64, from first: UInt64, tail: [Digest]) throws {
        let entry = try catalog.replica(row, db)
        let have = try have(ofRow: row)
        let kept = try have.intervals.compactMap { interval in
            try cut(interval, before: first, of: entry, tail: tail)
        }
        try removeRows(of: entry, from: first)
        let sealedLast = kept.last?.sealedLast ?? 0
        let delete = try HotStatement(db, "DELETE FROM seal WHERE replica = ? AND seq > ?")
        delete.bind(1, row)
        delete.bind(2, Int64(clamping: sealedLast))
        try delete.run()
        try store(ReplicaHave(intervals: kept), of: entry.replica, log: entry.log)
    }

    private func cut(
        _ interval: HaveInterval, before first: UInt64, of entry: ReplicaEntry, tail: [Digest]
    ) throws -> HaveInterval? {
        guard interval.first < first else { return nil }
        var kept = interval
        if interval.last < first {
            let covered = UInt64(kept.tail.count)
            kept.tail = Array(kept.tail.prefix(Int(min(covered, first - 1 - interval.last))))
            if kept.tail.count < interval.tail.count { kept.tail = tail }
        } else {
            kept.last = first - 1
            kept.end = try chain(
                of: entry.replica, in: try catalog.log(entry.log, db), at: kept.last,
                within: interval)
            kept.tail = tail
        }
        return kept
    }

    private func removeRows(of entry: ReplicaEntry, from first: UInt64) throws {
        let seqs = first...max(first, Limits.seqMaximum)
        for id in try reader.segments(ofReplica: entry.row, seqs: seqs, db) {
            let segment = try reader.segment(id, db)
            var builder = SegmentBuilder(log: segment.log)
            for row in segment.rows
            where segment.dot(row).replica != entry.replica || row.seq < first {
                builder.append(row, of: segment)
            }
            try remove(id, segment, log: entry.log)
            guard builder.count > 0 else { continue }
            let block = builder.block()
            try insert(try Segment(block: block), block: block, as: id, log: entry.log)
        }
    }
}
