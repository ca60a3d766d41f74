import FikaCRDT
import FikaChat
import FikaLog
import FikaRelay

/// What was accepted was its author's to say there and then (rules U3, U4 and C2).
enum DoorInvariant {
    private static let leadMilliseconds: UInt64 = 5 * 60 * 1000

    static func findings(_ world: World, _ outcome: WorldOutcome) throws -> [String] {
        // A second signed order is appended as it is (rule S4).
        guard !world.ledger.hasLost else { return [] }
        return try outcome.rooms.flatMap { room in
            try findings(world, room, trusting: outcome.relayKey)
        }
    }

    private static func findings(
        _ world: World, _ room: WorldOutcome.Room, trusting key: PublicKey
    ) throws -> [String] {
        let log = ModelLog(id: room.log, held: room.ops)
        let admission = ModelAdmission(log: log, trustedRelays: [key])
        var findings: [String] = []
        for op in room.ops.map(\.op) {
            switch admission.outcomes[op.id.dot] {
            case .setAside: findings.append("\(op.id) was accepted beyond a close")
            // Bodies are no business of the door.
            case .ignored where log.ops[op.id.dot].map(log.isMalformed) == true: break
            case .ignored where !KindFlags(of: op.kind).contains(.access):
                findings.append("\(op.id) was accepted though its author was not in")
            case .silent, .counts, .alias, .waiting, .ignored, .unsupported, nil: break
            }
        }
        return findings + (try timeFindings(world, room))
    }

    /// No stamp lies far ahead of when it was accepted, and of all stamps before it.
    private static func timeFindings(
        _ world: World, _ room: WorldOutcome.Room
    ) throws -> [String] {
        guard room.order.position > 0 else { return [] }
        var acceptedAt: [UInt64: UInt64] = [:]
        let positions = 1...room.order.position
        for run in try world.relay.log.placements(
            in: room.log, positions: positions, limit: .max)
        {
            for position in run.placement.position...run.placement.lastPosition {
                acceptedAt[position] = run.placement.acceptedAt
            }
        }
        var highest = HybridTime.zero
        var findings: [String] = []
        for held in room.ops {
            let time = held.op.time
            let accepted = acceptedAt[held.position ?? 0] ?? 0
            let isSoon = time.milliseconds <= accepted + leadMilliseconds
            if !isSoon, time.raw > highest.raw + 1 << 16 {
                findings.append("\(held.op.id) was accepted far ahead of its time")
            }
            highest = max(highest, time)
        }
        return findings
    }
}
