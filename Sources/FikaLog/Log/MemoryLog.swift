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
        var held = replicasByLog[segment.log] ?? [:]
        for card in segment.newCards where held[card.replica] == nil {
            held[card.replica] = Replica(card: card)
        }
        var report = AppendReport(newRows: [], heldCount: 0)
        for (index, row) in segment.segment.rows.enumerated() {
            let dot = segment.segment.dot(row)
            if let op = held[dot.replica]?.ops[dot.seq] {
                guard op.hash == segment.opHashes[index] else {
                    throw .fork(dot.replica, seq: dot.seq)
                }
                report.heldCount += 1
            } else {
                held[dot.replica]?.ops[dot.seq] = segment.segment.op(row)
                report.newRows.append(index)
            }
        }
        for part in segment.newIntervals(have: { held[$0]?.have ?? ReplicaHave() }) {
            try held[part.replica]?.have.insert(part.interval, of: part.replica)
        }
        for run in segment.runs {
            for seal in run.seals { held[run.replica]?.seals[seal.seq] = seal }
        }
        replicasByLog[segment.log] = held
        return report
    }

    package mutating func erase(_ id: OpID, residue: [UInt8]) throws(LogError) {
        let dot = id.dot
        guard let op = replicasByLog[id.log]?[dot.replica]?.ops[dot.seq] else {
            throw .notHeld(id)
        }
        guard op.body != nil else { return }
        replicasByLog[id.log]?[dot.replica]?.ops[dot.seq] = op.erased(residue: residue)
    }
}
