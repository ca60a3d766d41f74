import FikaChat
import FikaCRDT
import FikaLog
import GRDB

extension StoreWriter {
    /// Destroys the bodies that accepted deletes name, in the same transaction (rules E1 and E2).
    ///
    /// Of an imported message 8 bytes stay, by which a later copy is known.
    func erasePending(_ db: Database) throws {
        let query = try HotStatement(db, "SELECT op FROM erasure WHERE is_done = 0 ORDER BY op")
        var keys: [OpKey] = []
        while try query.next() { keys.append(OpKey(raw: query.int(0))) }
        guard !keys.isEmpty else { return }
        let source = StoredOps(catalog: catalog, reader: reader)
        var targets: [(key: OpKey, residue: [UInt8])] = []
        for key in keys {
            guard let op = try source.viewOp(key, db) else { continue }
            if try UnsealedTable(db: db).row(key) != nil {
                // Aimed by this user at what is gone, and never handed over: it never will be.
                try void(op.dot, log: op.log, db)
                try setErased(key, db)
            } else {
                targets.append((key, try residue(of: op, db)))
            }
        }
        let erased = try log(db).erase(targets)
        guard erased == targets.count else {
            throw StoreError.damaged("an op that is to be erased is in no segment")
        }
        for target in targets { try setErased(target.key, db) }
        try ScrubTable(db: db).note()
        hasErased = true
    }

    private func setErased(_ key: OpKey, _ db: Database) throws {
        let update = try HotStatement(db, "UPDATE erasure SET is_done = 1 WHERE op = ?")
        update.bind(1, key.raw)
        try update.run()
    }

    private func residue(of op: ViewOp, _ db: Database) throws -> [UInt8] {
        guard op.kind == ChatKind.imported.kind else { return [] }
        if op.isErased { return Array(op.body) }
        let source = StoredOps(catalog: catalog, reader: reader)
        let runKey = OpKey(replica: op.key.replica, seq: 2)
        guard let run = try source.viewOp(runKey, db),
            run.kind == ChatKind.importRun.kind
        else { return [] }
        let log = try catalog.log(op.log, db)
        return ImportKey(
            log: log, run: try ImportRun(body: Array(run.body)),
            time: op.time, try ImportedMessage(body: Array(op.body))
        ).residue
    }
}
