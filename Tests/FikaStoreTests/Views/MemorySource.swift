import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog
import FikaStore
import FikaTestSupport
import GRDB

/// Keeps held ops in memory where a store has segments.
final class MemorySource: OpSource {
    let catalog: Catalog
    /// By key, with the keys in the order of arrival.
    private var held: [OpKey: HeldOp] = [:]
    private var order: [OpKey] = []

    init(catalog: Catalog) {
        self.catalog = catalog
    }

    func hold(_ op: HeldOp, _ key: OpKey) {
        if held[key] == nil { order.append(key) }
        held[key] = op
    }

    func accept(_ key: OpKey, at position: UInt64) {
        held[key]?.position = position
    }

    /// Destroys the body of an op, with the residue that an imported line leaves.
    func erase(_ key: OpKey, residue: [UInt8]) {
        guard let op = held[key], op.op.body != nil else { return }
        held[key]?.op = op.op.erased(residue: residue)
    }

    func op(_ key: OpKey) -> HeldOp? { held[key] }

    /// All held ops of a log.
    func ops(of log: LogID) -> [HeldOp] {
        order.compactMap { held[$0] }.filter { $0.op.id.log == log }
    }

    func viewOp(_ key: OpKey, _ db: Database) throws -> ViewOp? {
        guard let op = held[key] else { return nil }
        return try viewOp(op, key, log: catalog.replica(key.replica, db).log)
    }

    func viewOp(_ op: HeldOp, _ key: OpKey, log: Int64) -> ViewOp {
        let body: [UInt8]
        let isErased: Bool
        switch op.op.content {
        case .body(let bytes, _):
            body = bytes
            isErased = false
        case .erased(_, let residue):
            body = residue
            isErased = true
        }
        return ViewOp(
            key: key, log: log, dot: op.op.id.dot, kind: op.op.kind, time: op.op.time,
            target: op.op.target, origin: op.op.origin, body: body[...], isErased: isErased,
            position: op.position, acceptedAt: op.position.map { $0 * 1000 })
    }

    func bodyHash(_ key: OpKey, _ db: Database) throws -> Digest? {
        held[key]?.op.bodyHash
    }

    func chain(ofReplica row: Int64, through seq: UInt64, _ db: Database) throws -> Digest? {
        let entry = try catalog.replica(row, db)
        var chain = Hashes.chainStart(
            log: try catalog.log(entry.log, db), replica: entry.replica)
        for number in 0..<seq {
            guard let op = held[OpKey(replica: row, seq: number + 1)] else { return nil }
            chain = Hashes.chain(after: chain, opHash: op.op.hash)
        }
        return chain
    }

    func forEachBatch(
        ofLog log: Int64, _ db: Database, _ body: ([ViewOp]) throws -> Void
    ) throws {
        var batch: [ViewOp] = []
        for key in order {
            guard let op = try viewOp(key, db), op.log == log else { continue }
            batch.append(op)
        }
        for start in stride(from: 0, to: batch.count, by: 7) {
            try body(Array(batch[start..<min(start + 7, batch.count)]))
        }
    }
}
