package import FikaCRDT

extension VerifiedSegment {
    /// Cuts what is missing out of a run, with the chain values at the cuts.
    ///
    /// - Parameters:
    ///   - index: Which run.
    ///   - missing: The seqs of the run that a holder lacks.
    /// - Returns: The parts, rising, each to be inserted into what is held.
    package func newIntervals(ofRun index: Int, missing: IntervalSet) -> [HaveInterval] {
        let run = runs[index]
        if missing.intervals == [run.first...run.last] { return [HaveInterval(run)] }
        guard !missing.isEmpty else { return [] }
        let chains = chainValues(ofRun: index)
        return missing.intervals.map { range in
            HaveInterval(
                first: range.lowerBound, last: range.upperBound,
                before: chains[Int(range.lowerBound - run.first)],
                end: chains[Int(range.upperBound - run.first) + 1],
                tail: range.upperBound == run.last ? run.tail : [])
        }
    }

    /// The hashes of a run's ops, then those of its tail.
    package func hashes(ofRun index: Int) -> [Digest] {
        var hashes: [Digest] = []
        for (row, hash) in zip(segment.rows, opHashes) where Int(row.run) == index {
            hashes.append(hash)
        }
        return hashes + runs[index].tail
    }

    /// The chain values before the run's first op, after it, and so on to the end of its tail.
    package func chainValues(ofRun index: Int) -> [Digest] {
        var chain = runs[index].before
        var values = [chain]
        for hash in hashes(ofRun: index) {
            chain = Hashes.chain(after: chain, opHash: hash)
            values.append(chain)
        }
        return values
    }

    /// Checks that what two runs of one replica say of the same seqs is the same.
    func checkRunsAgree() throws(LogError) {
        // Walked once, however many runs lie within another one's tail.
        var walked: [Int: [Digest]] = [:]
        func values(_ index: Int) -> [Digest] {
            if let values = walked[index] { return values }
            let values = chainValues(ofRun: index)
            walked[index] = values
            return values
        }
        for (index, run) in runs.enumerated() {
            for other in (index + 1)..<runs.count where runs[other].replica == run.replica {
                let from = runs[other].first - 1
                let last = min(run.sealedLast, runs[other].sealedLast)
                guard from <= last else { break }
                let (left, right) = (values(index), values(other))
                for seq in from...last
                where left[Int(seq + 1 - run.first)] != right[Int(seq - from)] {
                    throw .fork(run.replica, seq: max(seq, from + 1))
                }
            }
        }
    }
}
