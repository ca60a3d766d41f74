package import FikaCRDT

/// The log in memory: for the tests' worlds and as the plainest reading of the contract.
package struct MemoryLog: OpLog {
    package typealias Failure = LogError

    private struct Replica {
        var card: Card
        var have = ReplicaHave()
        var seals: [UInt64: HeldSeal] = [:]
        var ops: [UInt64: Op] = [:]
    }

    private var replicasByLog: [LogID: [ReplicaID: Replica]] = [:]

    package init() {}

    package func logs() -> [LogID] {
        replicasByLog.keys.sorted()
    }

    package func replicas(of log: LogID) -> [ReplicaID] {
        replicasByLog[log]?.keys.sorted() ?? []
    }

    package func card(of replica: ReplicaID, in log: LogID) -> Card? {
        replicasByLog[log]?[replica]?.card
    }

    package func have(of replica: ReplicaID, in log: LogID) -> ReplicaHave {
        replicasByLog[log]?[replica]?.have ?? ReplicaHave()
    }

    package func seals(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) -> [HeldSeal] {
        let held = replicasByLog[log]?[replica]?.seals ?? [:]
        return held.values.filter { seqs.contains($0.seq) }.sorted { $0.seq < $1.seq }
    }

    package func ops(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) -> [Op] {
        let held = replicasByLog[log]?[replica]?.ops ?? [:]
        return held.values.filter { seqs.contains($0.id.dot.seq) }
            .sorted { $0.id.dot.seq < $1.id.dot.seq }
    }

    package mutating func append(
        _ segment: VerifiedSegment
    ) throws(LogError) -> AppendReport {
        let plan = try AppendPlan.make(appending: segment, to: self).get()
        var held = replicasByLog[segment.log] ?? [:]
        for card in plan.newCards { held[card.replica] = Replica(card: card) }
        for index in plan.report.newRows {
            let op = segment.segment.op(segment.segment.rows[index])
            held[op.id.dot.replica]?.ops[op.id.dot.seq] = op
        }
        for change in plan.haves { held[change.replica]?.have = change.have }
        for change in plan.seals { held[change.replica]?.seals[change.seal.seq] = change.seal }
        replicasByLog[segment.log] = held
        return plan.report
    }

    package mutating func erase(_ id: OpID, residue: [UInt8]) throws(LogError) {
        let dot = id.dot
        guard let op = replicasByLog[id.log]?[dot.replica]?.ops[dot.seq] else {
            throw .notHeld(id)
        }
        guard op.kind != .introduction else { throw .notErasable(id) }
        guard op.body != nil else { return }
        replicasByLog[id.log]?[dot.replica]?.ops[dot.seq] = op.erased(residue: residue)
    }
}
