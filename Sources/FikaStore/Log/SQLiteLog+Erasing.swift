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
        var builders = [SegmentBuilder(log: segment.log)]
        var count = 0
        for row in segment.rows {
            // What stays of a body may be more than it was: the rest then goes elsewhere.
            let byteCount = max(Int(row.bodyCount), Limits.residueBytesMaximum)
            if !builders[builders.count - 1].hasRoom(forBody: byteCount) {
                builders.append(SegmentBuilder(log: segment.log))
            }
            let key = try catalog.key(of: segment.dot(row), log: log, db)
            if let residue = keys[key] {
                count += 1
                builders[builders.count - 1].append(
                    row.isErased ? segment.op(row) : segment.op(row).erased(residue: residue))
            } else {
                builders[builders.count - 1].append(row, of: segment)
            }
        }
        try replace(id, segment, by: builders.map { $0.block() }, log: log)
        return count
    }

    /// Puts blocks where one was; the first keeps its place in the order of arrival.
    private func replace(
        _ id: Int64, _ segment: Segment, by blocks: [[UInt8]], log: Int64
    ) throws {
        guard let first = blocks.first, blocks.count == 1 else {
            try remove(id, segment, log: log)
            for (index, block) in blocks.enumerated() {
                try insert(
                    try Segment(block: block), block: block, as: index == 0 ? id : nil, log: log)
            }
            return
        }
        let update = try HotStatement(db, "UPDATE segment SET block = ? WHERE id = ?")
        update.bind(1, blob: first)
        update.bind(2, id)
        try update.run()
        reader.forget(id)
    }
}
