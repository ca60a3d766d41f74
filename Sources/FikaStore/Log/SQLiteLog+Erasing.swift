package import FikaCRDT
import FikaLog

extension SQLiteLog {
    package mutating func erase(_ id: OpID, residue: [UInt8]) throws {
        let op = try ops(of: id.dot.replica, in: id.log, seqs: id.dot.seq...id.dot.seq).first
        if op?.kind == .introduction { throw LogError.notErasable(id) }
        guard let row = try row(of: id.dot.replica, in: id.log),
            try erase([(OpKey(replica: row, seq: id.dot.seq), residue)]) == 1
        else { throw LogError.notHeld(id) }
    }

    /// Destroys bodies and salts, rewriting each segment once (rule E2).
    ///
    /// Each target comes with what stays of it beside its hash. Returns how many are held.
    func erase(_ targets: [(key: OpKey, residue: [UInt8])]) throws -> Int {
        var bySegment: [Int64: [OpKey: [UInt8]]] = [:]
        for (key, residue) in targets {
            let found = try reader.segments(
                ofReplica: key.replica, seqs: key.seq...key.seq, db)
            guard let id = found.first else { continue }
            bySegment[id, default: [:]][key] = residue
        }
        var count = 0
        for (id, keys) in bySegment.sorted(by: { $0.key < $1.key }) {
            count += try rewrite(id, erasing: keys)
        }
        return count
    }

    private func rewrite(_ id: Int64, erasing keys: [OpKey: [UInt8]]) throws -> Int {
        let segment = try reader.segment(id, db)
        guard let log = try catalog.row(of: segment.log, db) else {
            throw StoreError.damaged("segment \(id) is of a log that is not held")
        }
        var builder = SegmentBuilder(log: segment.log)
        var count = 0
        for row in segment.rows {
            let key = try catalog.key(of: segment.dot(row), log: log, db)
            if let residue = keys[key] {
                count += 1
                builder.append(
                    row.isErased ? segment.op(row) : segment.op(row).erased(residue: residue))
            } else {
                builder.append(row, of: segment)
            }
        }
        let update = try HotStatement(db, "UPDATE segment SET block = ? WHERE id = ?")
        update.bind(1, blob: builder.block())
        update.bind(2, id)
        try update.run()
        reader.forget(id)
        return count
    }
}
