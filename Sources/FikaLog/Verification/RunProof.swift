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
}
