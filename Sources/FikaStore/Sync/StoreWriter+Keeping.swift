import FikaCRDT
import FikaLog
import GRDB

// What is kept as refused or held of a replica whose other ops are said again.
extension StoreWriter {
    /// What is kept of a replica, range by range.
    func kept(
        of entry: ReplicaEntry, _ db: Database
    ) throws -> [(range: OutboxEntry, rows: [UnsealedRow])] {
        let keys = entry.row << 32 | 1...entry.row << 32 | Int64(Limits.seqMaximum)
        return try OutboxTable(db: db).entries(overlapping: keys).filter { !$0.isQueued }
            .map { ($0, try ops(keys, of: $0, entry, db)) }
            .filter { !$0.rows.isEmpty }
    }

    /// Keeps it on, as a replica of its own of which nothing goes up.
    func keep(
        _ kept: [(range: OutboxEntry, rows: [UnsealedRow])], of entry: ReplicaEntry,
        _ db: Database
    ) throws {
        guard !kept.isEmpty else { return }
        var chain = try introduceReplica(inLog: entry.log, isImport: false, db)
        for (range, rows) in kept {
            for row in rows { try copy(row, of: entry.replica, to: &chain, log: entry.log, db) }
            // Of what is queued, so of the introduction only the first time.
            let first = OpKey(replica: chain.row, seq: 1)
            let last = OpKey(replica: chain.row, seq: chain.nextSeq)
            try OutboxTable(db: db)
                .set(range.state, reason: range.reason, of: first.raw...last.raw)
        }
        try leave(chain.row, db)
    }
}
