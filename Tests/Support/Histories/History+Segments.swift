package import FikaSimulation
import FikaCRDT
package import FikaLog

extension History {
    /// Seals ops as their replicas hand them over: a segment for each run without a gap.
    ///
    /// - Parameter held: Ops of this history, rising within each replica; logs may be mixed.
    /// - Returns: The segments in the order of the runs' first ops.
    package func segments(of held: [HeldOp]) -> [SealedSegment] {
        var runs: [[Op]] = []
        for op in held.map(\.op) {
            let next = OpID(
                log: op.id.log, replica: op.id.dot.replica, seq: op.id.dot.seq - 1)
            if let index = runs.firstIndex(where: { $0.last?.id == next }) {
                runs[index].append(op)
            } else {
                runs.append([op])
            }
        }
        return runs.flatMap { run -> [SealedSegment] in
            guard let first = run.first, let key = keys[first.id.dot.replica] else { return [] }
            return Sealer.seal(run, after: chain(before: first.id), key: key)
        }
    }

    private func chain(before id: OpID) -> Digest {
        (ops + personal).map(\.op)
            .filter {
                $0.id.log == id.log && $0.id.dot.replica == id.dot.replica
                    && $0.id.dot.seq < id.dot.seq
            }
            .sorted { $0.id.dot < $1.id.dot }
            .reduce(Hashes.chainStart(log: id.log, replica: id.dot.replica)) {
                Hashes.chain(after: $0, opHash: $1.hash)
            }
    }
}
