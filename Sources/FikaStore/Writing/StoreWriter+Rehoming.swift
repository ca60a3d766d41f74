import FikaChat
import FikaCRDT
import FikaLog
package import GRDB

extension StoreWriter {
    /// Goes on as new replicas after the store was restored or cloned (rules A4 and S6).
    ///
    /// Another incarnation of this store may have sealed and sent the same seqs. So every replica
    /// is left, and what it had not sealed is written again by a new one, naming what it was.
    /// Returns how many ops were written again.
    package func rehome(_ db: Database) throws -> Int {
        let query = try HotStatement(db, "SELECT id FROM replica WHERE own = 1 ORDER BY id")
        var rows: [Int64] = []
        while try query.next() { rows.append(query.int(0)) }
        var count = 0
        for row in rows { count += try rehome(replica: row, db) }
        return count
    }

    func rehome(replica row: Int64, _ db: Database) throws -> Int {
        var entry = try catalog.replica(row, db)
        let update = try HotStatement(db, "UPDATE replica SET own = 2 WHERE id = ?")
        update.bind(1, row)
        try update.run()
        entry.own = .former
        catalog.update(entry)
        chains[entry.log] = nil
        let left = try UnsealedTable(db: db).rows(ofReplica: row)
        guard !left.isEmpty else { return 0 }
        try UnsealedTable(db: db).delete(ofReplica: row)
        try removeOutbox(of: left, db)
        let moved = left.filter { $0.kind != .introduction && $0.kind != .void }
        if !moved.isEmpty {
            var chain = try introduceReplica(inLog: entry.log, isImport: false, db)
            for op in moved { try copy(op, of: entry.replica, to: &chain, log: entry.log, db) }
            chains[entry.log] = chain
        }
        try views.rebuild(log: entry.log, db)
        return moved.count
    }

    func copy(
        _ op: UnsealedRow, of former: ReplicaID, to chain: inout OwnChain, log: Int64,
        _ db: Database
    ) throws {
        var copy = op
        copy.key = OpKey(replica: chain.row, seq: chain.nextSeq)
        // Access ops are not re-homed (M24): said twice, they change nothing.
        if ChatKind(op.kind)?.flags.contains(.access) != true {
            copy.origin =
                op.origin
                ?? Origin(
                    dot: Dot(replica: former, seq: op.key.seq),
                    bodyHash: Hashes.body(op.body, salt: op.salt))
        }
        chain.nextSeq += 1
        try UnsealedTable(db: db).insert(copy)
        try OutboxTable(db: db).insert(copy.key, writtenAt: copy.writtenAt)
    }

    private func removeOutbox(of rows: [UnsealedRow], _ db: Database) throws {
        for row in rows {
            let delete = try HotStatement(db, "DELETE FROM outbox WHERE first = ?")
            delete.bind(1, row.key.raw)
            try delete.run()
        }
    }
}
