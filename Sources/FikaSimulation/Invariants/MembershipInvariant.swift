import FikaCRDT
import FikaRelay

import FikaLog

/// Nobody holds a log that they were never let into, and the relay knows who is in.
enum MembershipInvariant {
    static func findings(_ world: World, _ outcome: WorldOutcome) throws -> [String] {
        var findings: [String] = []
        // Who was let in by what a relay lost may hold more than the next one knows of.
        for client in world.ledger.hasLost ? [] : world.clients {
            for log in try client.holder.sealedLogs() {
                guard let room = outcome.room(log) else { continue }
                if !room.everNamed.contains(client.device.user) {
                    findings.append("client \(client.index) holds \(log)")
                }
            }
        }
        let relay = world.relay.log
        for user in world.plan.users {
            let noted = try relay.memberships(of: user, in: World.workspace)
                .filter(\.isMember).map(\.log)
            let judged = outcome.rooms.filter { $0.readers.contains(user) }.map(\.log)
            if noted != judged {
                findings.append("the relay lets \(user) into \(noted), the rules into \(judged)")
            }
        }
        return findings
    }
}
