import FikaCRDT

import FikaLog

/// All who may read a log hold the same ops at the same positions, and the relay does.
enum SameOpsInvariant {
    static func findings(_ world: World, _ outcome: WorldOutcome) throws -> [String] {
        var findings: [String] = []
        for room in outcome.rooms {
            let expected = hashes(room.ops)
            for client in outcome.readers(of: room, in: world) {
                let held = try client.holder.ops(of: room.log).filter { $0.position != nil }
                let found = hashes(held)
                guard found != expected else { continue }
                let lacking = expected.keys.sorted().filter { found[$0] == nil }
                let other = found.keys.sorted().filter { expected[$0] != found[$0] }
                findings.append(
                    "client \(client.index), \(room.log): of \(expected.count) positions "
                        + "\(lacking.prefix(4)) lack, \(other.prefix(4)) are others")
            }
        }
        return findings
    }

    /// By position; an erased op keeps its hash.
    private static func hashes(_ ops: [HeldOp]) -> [UInt64: Digest] {
        var hashes: [UInt64: Digest] = [:]
        for op in ops { hashes[op.position ?? 0] = op.op.hash }
        return hashes
    }
}
