import FikaChat
import FikaCRDT
import FikaLog

/// The hashes of ops that just came, so that nothing is read again to follow the order.
struct FreshOps {
    /// What the order's hashes need of an op.
    struct Fact {
        let hash: Digest
        let isAccess: Bool
    }

    private struct Run {
        let first: UInt64
        let facts: [Fact]
    }

    private var runs: [Int64: [Run]] = [:]

    /// Takes a segment's ops; `replicas` are the rows of its replicas.
    mutating func add(_ verified: VerifiedSegment, replicas: [Int64]) {
        var facts: [[Fact]] = Array(repeating: [], count: verified.segment.runs.count)
        for (index, row) in verified.segment.rows.enumerated() {
            facts[Int(row.run)].append(
                Fact(
                    hash: verified.opHashes[index],
                    isAccess: KindFlags(of: row.kind).contains(.access)))
        }
        for (run, facts) in zip(verified.segment.runs, facts) {
            runs[replicas[Int(run.replica)], default: []].append(
                Run(first: run.first, facts: facts))
        }
    }

    /// What came of a replica from a seq on, up to a last one; empty when it is not among them.
    func facts(ofReplica replica: Int64, seqs: ClosedRange<UInt64>) -> ArraySlice<Fact> {
        for run in runs[replica] ?? [] {
            guard run.first <= seqs.lowerBound,
                seqs.lowerBound - run.first < UInt64(run.facts.count)
            else { continue }
            let start = Int(seqs.lowerBound - run.first)
            let count = min(seqs.upperBound - seqs.lowerBound + 1, UInt64(run.facts.count - start))
            return run.facts[start..<start + Int(count)]
        }
        return []
    }
}
