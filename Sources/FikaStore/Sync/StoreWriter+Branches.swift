import FikaCRDT
import FikaLog
import GRDB

extension StoreWriter {
    /// Drops what is held of a replica from a seq on: a relay accepted another branch of it.
    ///
    /// What this store wrote there is said again by a new replica, imports excepted (rule A4).
    func dropBranch(
        _ row: Int64, from first: UInt64, tail: [Digest], isIntroducedAnew: Bool,
        accepted: [AcceptanceTable.Held], _ db: Database
    ) throws {
        let entry = try catalog.replica(row, db)
        let keys =
            OpKey(replica: row, seq: first).raw...OpKey(replica: row, seq: Limits.seqMaximum).raw
        if entry.own != .foreign {
            try leave(row, db)
            try queueAgain(keys, of: entry, accepted, db)
            if entry.isImport {
                try OutboxTable(db: db).remove(keys)
            } else {
                try rehome(keys, of: entry, newStamps: false, db)
            }
        }
        // Afterwards nobody may know whose the access ops are that the views still have.
        try views.outdate(log: entry.log, db)
        if first == 1, isIntroducedAnew {
            try log(db).remove(replica: row)
            var forgotten = ReplicaEntry(row: row, log: entry.log, replica: entry.replica)
            forgotten.own = try catalog.replica(row, db).own
            forgotten.isImport = entry.isImport
            catalog.update(forgotten)
        } else {
            try log(db).remove(replica: row, from: first, tail: tail)
        }
    }

    /// Puts into the queue what of an own branch was taken for accepted or refused.
    private func queueAgain(
        _ keys: ClosedRange<Int64>, of entry: ReplicaEntry, _ accepted: [AcceptanceTable.Held],
        _ db: Database
    ) throws {
        let outbox = OutboxTable(db: db)
        let held = try log(db).have(ofRow: entry.row).intervals
        for range in accepted.map(\.acceptance) {
            for interval in held {
                let low = max(interval.first, range.first.seq, OpKey(raw: keys.lowerBound).seq)
                let high = min(interval.last, range.last.seq)
                guard low <= high else { continue }
                try outbox.restore(range.part(low...high), isImport: entry.isImport)
            }
        }
        for other in try outbox.entries(overlapping: keys) where other.state != .queued {
            let low = max(other.first.seq, OpKey(raw: keys.lowerBound).seq)
            let again = Acceptance(
                first: OpKey(replica: entry.row, seq: low), count: other.last.seq - low + 1,
                position: 0, acceptedAt: other.writtenAt)
            try outbox.restore(again, isImport: entry.isImport)
        }
    }
}
