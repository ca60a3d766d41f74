package import FikaCRDT
import FikaLog
package import GRDB

extension StoreWriter {
    /// Seals all that is unsealed in a log, so that it may be handed over (rules O3 and S2).
    ///
    /// From here on these ops are immutable. The caller commits durably before any byte leaves.
    /// Returns how many ops were sealed.
    @discardableResult
    package func seal(_ log: LogID, _ db: Database) throws -> Int {
        guard let logRow = try catalog.row(of: log, db) else { return 0 }
        if let correction = try MetaTable(db: db).correction() {
            try restamp(log, correction: correction, db)
        }
        var count = 0
        for replica in try self.log(db).ownReplicas(ofLog: logRow) {
            let rows = try UnsealedTable(db: db).rows(ofReplica: replica)
            guard !rows.isEmpty else { continue }
            let id = try catalog.replica(replica, db).replica
            try appendSealed(rows.map { $0.op(log: log, replica: id) }, db)
            try raiseHighestTime(ofLog: logRow, to: rows.map(\.time).max() ?? .zero, db)
            chains[logRow] = nil
            try UnsealedTable(db: db).delete(ofReplica: replica)
            count += rows.count
        }
        try SegmentMerging(self.log(db)).run(onLog: logRow)
        return count
    }

    /// Seals ops of one own replica and appends them to the log; gives the segments.
    @discardableResult
    func appendSealed(_ ops: [Op], _ db: Database) throws -> [VerifiedSegment] {
        guard let first = ops.first else { return [] }
        let log = first.id.log
        let replica = first.id.dot.replica
        var sqlite = self.log(db)
        let held = try sqlite.have(of: replica, in: log).intervals.last
        let seqs = ops.map(\.id.dot.seq)
        guard zip(seqs, (held?.last ?? 0) + 1..<UInt64.max).allSatisfy(==) else {
            throw StoreError.damaged("own replica \(replica) of log \(log) has a gap or overlap")
        }
        let chain = held?.end ?? Hashes.chainStart(log: log, replica: replica)
        var segments: [VerifiedSegment] = []
        for sealed in Sealer.seal(ops, after: chain, key: key) {
            // What was just sealed is verified as if a stranger had sent it: a pair of checks.
            let row = try sqlite.row(of: replica, in: log)
            let card = try row.flatMap { try catalog.replica($0, db).card }
            let verified = try SegmentVerifier.verify(sealed) { $0 == replica ? card : nil }
            _ = try sqlite.append(verified)
            segments.append(verified)
        }
        return segments
    }
}
