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
                guard let room = outcome.room(kept.id.log),
                    room.readers.contains(client.device.user)
                else { return nil }
                // Of somebody else's op nobody says anything again: that is forged.
                let names = [kept.id.dot, kept.origin?.dot].compactMap(\.self).filter { dot in
                    room.authors[dot.replica].map { $0.publicKey == client.holder.key.publicKey }
                        ?? true
                }
                let isAccepted = room.ops.contains { held in
                    names.contains(held.op.id.dot)
                        || held.op.origin.map { names.contains($0.dot) } == true
                }
                guard isAccepted else { return nil }
                return "client \(client.index) shows \(kept.id) as refused, which was accepted"
            }
        }
    }
}
