import FikaCRDT
import FikaChat
import FikaLog

/// Who is in no more was told of nothing that was said after leaving (rules D4 and R7).
enum FormerMemberInvariant {
    static func findings(_ world: World, _ outcome: WorldOutcome) throws -> [String] {
        // Positions may be others since.
        guard !world.ledger.hasLost else { return [] }
        var findings: [String] = []
        for room in outcome.rooms {
            let strangers = world.clients.filter { !room.readers.contains($0.device.user) }
            for client in strangers where room.everNamed.contains(client.device.user) {
                let end = lastPosition(of: client.device.user, in: room, outcome)
                for held in try client.holder.ops(of: room.log) {
                    guard let position = held.position, position > end,
                        !KindFlags(of: held.op.kind).contains(.access),
                        ChatKind(held.op.kind) != .introduction
                    else { continue }
                    findings.append("client \(client.index) was told of \(held.op.id)")
                }
            }
        }
        return findings
    }

    /// The position of the op that ended a user's last membership; 0 when there was none.
    private static func lastPosition(
        of user: UserID, in room: WorldOutcome.Room, _ outcome: WorldOutcome
    ) -> UInt64 {
        let fold = ModelFold(
            log: ModelLog(id: room.log, held: room.ops), trustedRelays: [outcome.relayKey])
        let positions = room.ops.filter { KindFlags(of: $0.op.kind).contains(.access) }
            .compactMap(\.position)
        return positions.last { fold.access(below: .accepted($0)).role(of: user) != nil } ?? 0
    }
}
