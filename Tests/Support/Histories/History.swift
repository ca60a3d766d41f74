package import FikaSimulation
package import FikaCRDT
package import FikaLog

/// What was written in one log and in a personal log, and in which order it was accepted.
package struct History: Sendable {
    package var log: LogID
    package var personalLog: LogID
    package var trustedRelays: Set<PublicKey>
    /// Whose view is asked for; the personal log is theirs.
    package var viewer: UserID
    package var ops: [HeldOp]
    package var personal: [HeldOp]
    /// The keys of all replicas of both logs, to seal what is handed over.
    package var keys: [ReplicaID: DeviceKey]

    /// All of it, as somebody sees it who has heard everything.
    package var input: ModelInput {
        ModelInput(
            log: log, ops: ops, trustedRelays: trustedRelays, viewer: viewer, personal: personal)
    }

    package func input(of held: [HeldOp]) -> ModelInput {
        ModelInput(
            log: log, ops: held.filter { $0.op.id.log == log }, trustedRelays: trustedRelays,
            viewer: viewer, personal: held.filter { $0.op.id.log == personalLog })
    }

    /// What somebody sees who has heard these deliveries and nothing else.
    package func input(after deliveries: some Sequence<Delivery>) -> ModelInput {
        var held: [OpID: HeldOp] = [:]
        for delivery in deliveries {
            for op in delivery.ops { held[op.op.id] = op }
            for accepted in delivery.acceptances {
                held[accepted.id]?.position = accepted.position
            }
        }
        return input(of: held.values.sorted { $0.op.id.dot < $1.op.id.dot })
    }

    /// All ops in random batches: within a replica in their order, between replicas in any.
    ///
    /// Every second accepted op arrives while its position is not known; that comes later.
    package func deliveries(seed: UInt64) -> [Delivery] {
        var generator = SplitMix64(seed: seed)
        var queues = Dictionary(grouping: ops + personal, by: \.op.id.dot.replica)
            .mapValues { $0.sorted { $0.op.id.dot.seq > $1.op.id.dot.seq } }
        var waiting: [Delivery.Acceptance] = []
        var deliveries: [Delivery] = []
        while true {
            let replicas = queues.keys.filter { queues[$0]?.isEmpty == false }.sorted()
            if replicas.isEmpty, waiting.isEmpty { return deliveries }
            var delivery = Delivery(ops: [], acceptances: [])
            while !waiting.isEmpty, replicas.isEmpty || generator.oneIn(3) {
                let index = generator.number(in: 0..<waiting.count)
                delivery.acceptances.append(waiting.remove(at: index))
            }
            for _ in 0..<(replicas.isEmpty ? 0 : generator.number(in: 1...3)) {
                let replica = generator.pick(replicas)
                for _ in 0..<generator.number(in: 1...4) {
                    guard var next = queues[replica]?.popLast() else { break }
                    if let position = next.position, generator.bool() {
                        waiting.append(
                            Delivery.Acceptance(id: next.op.id, position: position))
                        next.position = nil
                    }
                    delivery.ops.append(next)
                }
            }
            if !delivery.ops.isEmpty || !delivery.acceptances.isEmpty {
                deliveries.append(delivery)
            }
        }
    }
}
