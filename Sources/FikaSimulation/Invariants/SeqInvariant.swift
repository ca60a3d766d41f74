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
            for accepted in try relay.acceptedReplicas(of: room.log) {
                let have = try relay.have(of: accepted.replica, in: room.log)
                let last = have.intervals.last?.last ?? 0
                if last != accepted.last {
                    findings.append("the relay has \(last) of \(accepted)")
                }
            }
            for client in outcome.readers(of: room, in: world) {
                let haves = try client.holder.haves(of: room.log)
                findings += haves.replicas.compactMap { replica in
                    let seqs = replica.intervals.map(\.seqs)
                    let isWhole = seqs.count == 1 && seqs[0].lowerBound == 1
                    return isWhole
                        ? nil : "client \(client.index), \(room.log): \(replica.replica) with gaps"
                }
            }
        }
        return findings
    }

    private static func gaps<Log: OpLog>(in log: Log, of id: LogID) throws -> [String] {
        try log.replicas(of: id).compactMap { replica in
            let have = try log.have(of: replica, in: id)
            let isWhole = have.intervals.count <= 1 && have.intervals.first?.first ?? 1 == 1
            return isWhole ? nil : "\(id): \(replica) with gaps"
        }
    }
}
