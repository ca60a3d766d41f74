import FikaCRDT
import FikaChat

import FikaLog

/// All who may read a log see the same: the timeline digest of what each of them holds.
enum DigestInvariant {
    static func findings(_ world: World, _ outcome: WorldOutcome) throws -> [String] {
        var findings: [String] = []
        for room in outcome.rooms {
            // Equal ops make equal states, so each is worked out once.
            var known = [sorted(room.ops): room.digest]
            for client in outcome.readers(of: room, in: world) {
                // What was refused only its author holds.
                let held = sorted(
                    try client.holder.ops(of: room.log).filter { $0.position != nil }
                        .map { world.ledger.hasLost ? whole($0, in: room) : $0 })
                let digest =
                    known[held]
                    ?? StateDigest.digest(
                        of: WorldOutcome.model(of: room.log, held, trusting: outcome.relayKey)
                            .state)
                known[held] = digest
                if digest != room.digest {
                    findings.append("client \(client.index) sees another \(room.log)")
                }
            }
        }
        return findings
    }

    /// With the body that the relay has: where it lost the delete, who erased it shows no text.
    private static func whole(_ held: HeldOp, in room: WorldOutcome.Room) -> HeldOp {
        guard case .erased = held.op.content else { return held }
        return room.ops.first { $0.op.id == held.op.id } ?? held
    }

    private static func sorted(_ ops: [HeldOp]) -> [HeldOp] {
        ops.sorted { $0.op.id.dot < $1.op.id.dot }
    }
}
