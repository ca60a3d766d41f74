import FikaCRDT
import FikaRelay

import FikaLog

/// Whoever holds anything of a replica, and may read it, holds all of it from seq 1 on.
enum SeqInvariant {
    static func findings(_ world: World, _ outcome: WorldOutcome) -> [String] {
        var findings: [String] = []
        for room in outcome.rooms {
            let relay = world.relay.log.base
            findings += gaps(in: relay, of: room.log).map { "the relay, \($0)" }
            for accepted in relay.acceptedReplicas(of: room.log) {
                let last = relay.have(of: accepted.replica, in: room.log).intervals.last?.last ?? 0
                if last != accepted.last {
                    findings.append("the relay has \(last) of \(accepted)")
                }
            }
            for client in outcome.readers(of: room, in: world) {
                findings += gaps(in: client.holder.base.log, of: room.log)
                    .map { "client \(client.index), \($0)" }
            }
        }
        return findings
    }

    private static func gaps<Log: OpLog>(in log: Log, of id: LogID) -> [String] {
        guard let replicas = try? log.replicas(of: id) else { return ["\(id) cannot be read"] }
        return replicas.compactMap { replica in
            guard let have = try? log.have(of: replica, in: id) else { return "\(id) unreadable" }
            let isWhole = have.intervals.count <= 1 && have.intervals.first?.first ?? 1 == 1
            return isWhole ? nil : "\(id): \(replica) with gaps"
        }
    }
}
