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
        guard seq > 0 else { return Hashes.chainStart(log: log, replica: entry.replica) }
        let sqlite = SQLiteLog(db, catalog: catalog, reader: reader)
        guard let held = try sqlite.have(ofRow: row).intervals.first, held.first == 1,
            seq <= held.last
        else { return nil }
        return try sqlite.chain(of: entry.replica, in: log, at: seq, within: held)
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
