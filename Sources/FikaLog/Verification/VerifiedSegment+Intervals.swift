package import FikaCRDT

extension VerifiedSegment {
    /// A part of a run of which a holder has nothing yet.
    package struct NewInterval: Sendable {
        package let replica: ReplicaID
        package let interval: HaveInterval
    }

    /// Cuts out of each run what is not held, with the chain values at the cuts.
    ///
    /// - Parameter have: What the holder has of a replica before this segment.
    /// - Returns: The parts, each to be inserted into the replica's have.
    /// - Throws: `LogError.fork` when a held op's chain value is not the run's.
    package func newIntervals(
        have: (ReplicaID) throws -> ReplicaHave
    ) rethrows -> [NewInterval] {
        var parts: [NewInterval] = []
        for (index, run) in runs.enumerated() {
            let held = try have(run.replica).seqs
            let missing = IntervalSet([run.first...run.last]).subtracting(held)
            if missing.intervals == [run.first...run.last] {
                parts.append(NewInterval(replica: run.replica, interval: HaveInterval(run)))
                continue
            }
            let chains = chainValues(ofRun: index)
            for range in missing.intervals {
                let before = Int(range.lowerBound - run.first)
                let end = Int(range.upperBound - run.first) + 1
                parts.append(
                    NewInterval(
                        replica: run.replica,
                        interval: HaveInterval(
                            first: range.lowerBound, last: range.upperBound,
                            before: chains[before], end: chains[end],
                            tail: range.upperBound == run.last ? run.tail : [])))
            }
        }
        return parts
    }

    /// The chain values before the run's first op, after it, and so on to after its last.
    package func chainValues(ofRun index: Int) -> [Digest] {
        var values = [runs[index].before]
        for (row, hash) in zip(segment.rows, opHashes) where Int(row.run) == index {
            guard let last = values.last else { break }
            values.append(Hashes.chain(after: last, opHash: hash))
        }
        return values
    }
}
