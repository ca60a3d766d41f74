import FikaCRDT
import FikaRelay

import FikaLog

import FikaSync

/// Whoever holds anything of a replica, and may read it, holds all of it from seq 1 on.
enum SeqInvariant {
    static func findings(_ world: World, _ outcome: WorldOutcome) throws -> [String] {
        var findings: [String] = []
        for room in outcome.rooms {
            let relay = world.relay.log
            findings += try gaps(in: relay, of: room.log).map { "the relay, \($0)" }
            var closedAt: [ReplicaID: UInt64] = [:]
            let replicas = try relay.acceptedReplicas(of: room.log)
            let accepted = Set(replicas.map(\.replica))
            for accepted in replicas {
                closedAt[accepted.replica] = accepted.closedAt
                let have = try relay.have(of: accepted.replica, in: room.log)
                let last = have.intervals.last?.last ?? 0
                // While an order is filled more is kept than the door lets in afterwards.
                let isKept =
                    accepted.closedAt != nil && world.ledger.hasLost && last > accepted.last
                if last != accepted.last, !isKept {
                    findings.append("the relay has \(last) of \(accepted)")
                }
            }
            for client in outcome.readers(of: room, in: world) {
                let haves = try client.holder.haves(of: room.log)
                for replica in haves.replicas {
                    let seqs = replica.intervals.map(\.seqs)
                    if seqs.count == 1, seqs[0].lowerBound == 1 { continue }
                    // Nobody hands on what lies beyond a close.
                    let whole = IntervalSet(seqs).contiguousFromOne
                    if whole >= closedAt[replica.replica] ?? .max { continue }
                    // What was on no other disk than the relay's is gone, and so is what its author
                    // took back, since no relay takes it, to say it again as another replica.
                    let isGone = world.ledger.hasLost || !accepted.contains(replica.replica)
                    if isGone, try !isKnown(replica, of: room, world, outcome) { continue }
                    findings.append(
                        "client \(client.index), \(room.log): \(replica.replica) with gaps")
                }
            }
        }
        return findings
    }

    /// Whether the relay, or somebody who is in, has what lacks of a replica.
    private static func isKnown(
        _ replica: Haves.ReplicaIntervals, of room: WorldOutcome.Room, _ world: World,
        _ outcome: WorldOutcome
    ) throws -> Bool {
        let held = IntervalSet(replica.intervals.map(\.seqs))
        let first = held.contiguousFromOne + 1
        let relay = try world.relay.log.have(of: replica.replica, in: room.log)
        if relay.seqs.contains(first) { return true }
        return try outcome.readers(of: room, in: world).contains {
            try $0.holder.chain(of: replica.replica, in: room.log, at: first) != nil
        }
    }

    private static func gaps<Log: OpLog>(in log: Log, of id: LogID) throws -> [String] {
        try log.replicas(of: id).compactMap { replica in
            let have = try log.have(of: replica, in: id)
            let isWhole = have.intervals.count <= 1 && have.intervals.first?.first ?? 1 == 1
            return isWhole ? nil : "\(id): \(replica) with gaps"
        }
    }
}
