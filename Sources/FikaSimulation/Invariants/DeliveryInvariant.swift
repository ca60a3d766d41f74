import FikaCRDT
import FikaLog

/// States of delivery never lie: what its author is shown as refused, no relay accepted.
enum DeliveryInvariant {
    static func findings(_ world: World, _ outcome: WorldOutcome) throws -> [String] {
        // Where a store has a twin, or the relay lost its log, one may have more luck than
        // another.
        let faults: Set<WorldFault> = [.wipe, .oldCopy, .restore, .clone]
        guard world.plan.faults.isDisjoint(with: faults) else { return [] }
        return try world.clients.filter { !$0.isMalicious }.flatMap { client in
            try client.holder.kept().compactMap { kept -> String? in
                // Who is out is not told what others brought of theirs after it was refused.
                let readers = outcome.room(kept.id.log)?.readers
                guard readers?.contains(client.device.user) == true else { return nil }
                let names = [kept.id.dot, kept.origin?.dot].compactMap(\.self)
                let isAccepted = outcome.room(kept.id.log)?.ops.contains { held in
                    names.contains(held.op.id.dot)
                        || held.op.origin.map { names.contains($0.dot) } == true
                }
                guard isAccepted == true else { return nil }
                return "client \(client.index) shows \(kept.id) as refused, which was accepted"
            }
        }
    }
}
