import FikaCRDT
import FikaChat
import FikaLog

/// Honest devices give the relay nothing to close for a fork, or for what cannot be read.
///
/// And it closes no replica twice.
enum HonestyInvariant {
    static func findings(_ world: World, _ outcome: WorldOutcome) -> [String] {
        var findings: [String] = []
        for room in outcome.rooms {
            // A relay that lost its log may close again what clients hold closed, as a new replica.
            var closed: Set<[ReplicaID]> = []
            for held in room.ops where held.op.kind == ChatKind.close.kind {
                guard case .close(let close)? = try? ChatOp.decode(held.op) else { continue }
                let closer = world.ledger.hasLost ? [held.op.id.dot.replica] : []
                if !closed.insert([close.replica] + closer).inserted {
                    findings.append("\(room.log): \(close.replica) was closed twice")
                }
                switch close.reason {
                case .forked where world.plan.restoresUnnoticed: break
                case .forked, .tooLarge, .malformed:
                    if outcome.isForger(close.replica, in: room, of: world) { continue }
                    findings.append("\(room.log): \(close.replica) was closed: \(close.reason)")
                case .notMember, .roomClosed, .clockAhead, .removed, .held: break
                }
            }
        }
        return findings
    }
}
