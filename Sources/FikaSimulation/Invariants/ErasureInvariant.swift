import FikaCRDT
import FikaChat
import FikaLog

/// The relay has no byte of what was deleted, and every byte of what was not (rule E1).
enum ErasureInvariant {
    static func findings(_ world: World, _ outcome: WorldOutcome) -> [String] {
        var findings: [String] = []
        for room in outcome.rooms {
            let input = ModelInput(
                log: room.log, ops: room.ops, trustedRelays: [outcome.relayKey],
                viewer: UserID.nobody, personal: [])
            let doomed = ReferenceModel.doomed(input)
            for op in room.ops.map(\.op) where ChatKind(op.kind)?.flags.contains(.salted) == true {
                let isGone = op.body == nil
                guard isGone != doomed.contains(op.id.dot) else { continue }
                // What a delete destroyed stays so, where a relay that lost it does not take it
                // again. Whoever forges may take back what counted for nobody.
                let isForged = outcome.isForger(op.id.dot.replica, in: room, of: world)
                guard !isGone || !world.ledger.hasLost && !isForged else { continue }
                findings.append(
                    isGone ? "\(op.id) was erased, not deleted" : "\(op.id) is not erased")
            }
        }
        return findings
    }
}
