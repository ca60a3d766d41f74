import FikaCRDT
package import FikaLog
package import GRDB

extension StoredOps {
    package func bodyHash(_ key: OpKey, _ db: Database) throws -> Digest? {
        try op(key, db)?.bodyHash
    }

    package func chain(
        ofReplica row: Int64, through seq: UInt64, _ db: Database
    ) throws -> Digest? {
        let entry = try catalog.replica(row, db)
        let log = try catalog.log(entry.log, db)
        var chain = Hashes.chainStart(log: log, replica: entry.replica)
        guard seq > 0 else { return chain }
        let held = try SQLiteLog(db, catalog: catalog, reader: reader)
            .ops(of: entry.replica, in: log, seqs: 1...seq)
            .sorted { $0.id.dot.seq < $1.id.dot.seq }
        guard held.count == seq else { return nil }
        for op in held { chain = Hashes.chain(after: chain, opHash: op.hash) }
        return chain
    }

    private func op(_ key: OpKey, _ db: Database) throws -> Op? {
        let entry = try catalog.replica(key.replica, db)
        let log = try catalog.log(entry.log, db)
        if let row = try UnsealedTable(db: db).row(key) {
            return row.op(log: log, replica: entry.replica)
        }
        return try SQLiteLog(db, catalog: catalog, reader: reader)
            .ops(of: entry.replica, in: log, seqs: key.seq...key.seq).first
    }
}
