import FikaCRDT
import FikaChat
import FikaLog

/// A reply never stands before what it answers, when that was accepted before it.
enum ReplyInvariant {
    static func findings(_ world: World, _ outcome: WorldOutcome) -> [String] {
        var findings: [String] = []
        for room in outcome.rooms {
            var stamps: [Dot: Stamp] = [:]
            for op in room.ops.map(\.op) {
                stamps[op.id.dot] = op.stamp
                guard op.kind == ChatKind.message.kind, op.origin == nil,
                    let answered = op.target.flatMap({ stamps[$0] }), op.stamp < answered
                else { continue }
                if outcome.isForger(op.id.dot.replica, in: room, of: world) { continue }
                findings.append("\(op.id) stands before what it answers")
            }
        }
        return findings
    }
}
