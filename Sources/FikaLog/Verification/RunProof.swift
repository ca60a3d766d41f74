import FikaCRDT

/// What vouches for one run of a segment.
package struct RunProof: Hashable, Sendable {
    /// The chain value before the run's first op; nil exactly when that is seq 1.
    package var before: Digest?
    /// Rising; the last one covers the end of the run.
    package var seals: [Seal]
    /// The hashes of the ops after the run up to the last seal.
    package var tail: [Digest]

    package init(before: Digest?, seals: [Seal], tail: [Digest] = []) {
        self.before = before
        self.seals = seals
        self.tail = tail
    }

    /// Checks that seals stand wherever they must, and that the last one is the first at or after
    /// the run's end (rule S2).
    func checkPlaces(in run: SegmentRun, of replica: ReplicaID) throws(LogError) {
        guard (before == nil) == (run.first == 1) else {
            throw .inconsistent("a run that starts mid-chain states the value before it")
        }
        var covered = run.first - 1
        for seal in seals {
            guard covered < run.last else {
                throw .inconsistent("a run ends at the first seal that covers it")
            }
            guard seal.seq > covered, seal.seq <= Seal.nextPermanent(after: covered) else {
                throw .missingSeal(replica, seq: covered + 1)
            }
            covered = seal.seq
        }
        guard covered >= run.last, covered == run.last + UInt64(tail.count) else {
            throw .missingSeal(replica, seq: min(covered, run.last) + 1)
        }
    }
}
