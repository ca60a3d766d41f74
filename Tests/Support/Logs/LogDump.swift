import FikaSimulation
package import FikaCRDT
package import FikaLog

/// All that a log holds, for comparing whole states.
package struct LogDump: Hashable, Sendable {
    package struct Replica: Hashable, Sendable {
        package var log: LogID
        package var card: Card?
        package var have: ReplicaHave
        package var seals: [HeldSeal]
        package var ops: [Op]

        package init(
            log: LogID, card: Card?, have: ReplicaHave, seals: [HeldSeal], ops: [Op]
        ) {
            self.log = log
            self.card = card
            self.have = have
            // A seal beyond what is held vouches for nothing here, and no export hands it on.
            self.seals = seals.filter { seal in
                have.intervals.contains { ($0.first...$0.sealedLast).contains(seal.seq) }
            }
            self.ops = ops
        }
    }

    /// By log, then by replica, rising.
    package var replicas: [Replica]

    package init(replicas: [Replica]) {
        self.replicas = replicas
    }

    package init<Log: OpLog>(of log: Log) throws(Log.Failure) {
        replicas = []
        let all = 1...Limits.seqMaximum + UInt64(Limits.sealDistanceMaximum)
        for id in try log.logs() {
            for replica in try log.replicas(of: id) {
                replicas.append(
                    Replica(
                        log: id, card: try log.card(of: replica, in: id),
                        have: try log.have(of: replica, in: id),
                        seals: try log.seals(of: replica, in: id, seqs: all),
                        ops: try log.ops(of: replica, in: id, seqs: all)))
            }
        }
    }
}
