import FikaCRDT

/// What the runs of one replica in a segment change of what is held of it.
struct HaveChange {
    /// What is held before.
    let held: ReplicaHave

    private let heldSeqs: IntervalSet
    private var have: ReplicaHave
    private var knownSeals: Set<UInt64> = []
    private var newSeals: [HeldSeal] = []

    init(_ held: ReplicaHave) {
        self.held = held
        heldSeqs = held.seqs
        have = held
    }

    /// Takes a run that does not contradict what is held; returns the seqs that were missing.
    mutating func take(
        run index: Int, of segment: VerifiedSegment, heldSeals: [HeldSeal]
    ) -> Result<IntervalSet, LogError> {
        let run = segment.runs[index]
        let missing = IntervalSet([run.first...run.last]).subtracting(heldSeqs)
        do {
            for interval in segment.newIntervals(ofRun: index, missing: missing) {
                try have.insert(interval, of: run.replica)
            }
        } catch {
            return .failure(error)
        }
        knownSeals.formUnion(heldSeals.map(\.seq))
        for seal in run.seals where knownSeals.insert(seal.seq).inserted { newSeals.append(seal) }
        return .success(missing)
    }

    /// What is held after all runs, nil when that is the same, and the seals that are new.
    mutating func finished() -> (have: ReplicaHave?, seals: [HeldSeal]) {
        have.shortenTails(sealed: knownSeals.sorted())
        return (have == held ? nil : have, newSeals)
    }
}
