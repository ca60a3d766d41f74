import FikaCRDT
import FikaChat
import FikaLog

/// An honest device never writes two branches of a replica, nor what cannot be read: the relay has
/// nothing to close for it. And it closes no replica twice.
enum HonestyInvariant {
    static func findings(_ outcome: WorldOutcome) -> [String] {
        var findings: [String] = []
        for room in outcome.rooms {
            var closed: Set<ReplicaID> = []
            for held in room.ops where held.op.kind == ChatKind.close.kind {
                guard case .close(let close)? = try? ChatOp.decode(held.op) else { continue }
                if !closed.insert(close.replica).inserted {
                    findings.append("\(room.log): \(close.replica) was closed twice")
                }
                switch close.reason {
                case .forked, .tooLarge, .malformed:
                    findings.append("\(room.log): \(close.replica) was closed: \(close.reason)")
                case .notMember, .roomClosed, .clockAhead, .removed, .held: break
                }
            }
        }
        return findings
    }
}
