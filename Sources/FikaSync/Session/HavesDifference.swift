import FikaCRDT

/// What one holder has and another lacks.
enum HavesDifference {
    /// By replica: the seqs that `theirs` lacks.
    ///
    /// Where both end at one seq with different chain values a replica has two branches: all that
    /// is held of it goes over, so that the other end sees the proof (rule U5).
    static func lacking(ours: Haves, theirs: Haves) -> [ReplicaID: IntervalSet] {
        var known: [ReplicaID: Haves.ReplicaIntervals] = [:]
        for entry in theirs.replicas { known[entry.replica] = entry }
        var lacking: [ReplicaID: IntervalSet] = [:]
        for entry in ours.replicas {
            let held = IntervalSet(entry.intervals.map(\.seqs))
            guard let other = known[entry.replica] else {
                lacking[entry.replica] = held
                continue
            }
            let missing =
                isForked(entry, other)
                ? held : held.subtracting(IntervalSet(other.intervals.map(\.seqs)))
            if !missing.isEmpty { lacking[entry.replica] = missing }
        }
        return lacking
    }

    private static func isForked(
        _ ours: Haves.ReplicaIntervals, _ theirs: Haves.ReplicaIntervals
    ) -> Bool {
        guard !PlantedBug.overlooksForks.isPlanted else { return false }
        return ours.intervals.contains { interval in
            theirs.intervals.contains {
                $0.seqs.upperBound == interval.seqs.upperBound && $0.end != interval.end
            }
        }
    }
}

extension IntervalSet {
    func intersecting(_ other: IntervalSet) -> IntervalSet {
        subtracting(subtracting(other))
    }
}
