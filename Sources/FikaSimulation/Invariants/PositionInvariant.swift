import FikaRelay
import FikaCRDT

import FikaLog

/// The positions of a log run from 1 to its last without gaps, each for one op, each op at one.
enum PositionInvariant {
    static func findings(_ world: World, _ outcome: WorldOutcome) -> [String] {
        var findings: [String] = []
        for room in outcome.rooms {
            let positions = room.ops.compactMap(\.position)
            let all = (0..<room.order.position).map { $0 + 1 }
            if positions != all {
                findings.append("\(room.log): \(positions.count) of \(room.order.position) placed")
            }
            if Set(room.ops.map(\.op.id.dot)).count != room.ops.count {
                findings.append("\(room.log): an op stands at two positions")
            }
            let given = world.ledger.positionCount(of: room.log)
            if given != room.ops.count {
                findings.append("\(room.log): \(given) positions given, \(room.ops.count) held")
            }
        }
        for log in world.ledger.logs where outcome.room(log) == nil {
            findings.append("\(log): positions were given, and nothing is held")
        }
        return findings
    }
}
