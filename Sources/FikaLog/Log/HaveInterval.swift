import FikaCRDT

/// A range of one replica's ops that a holder has, with the chain values at both ends.
package struct HaveInterval: Hashable, Sendable {
    package var first: UInt64
    package var last: UInt64
    /// The chain value before the first op.
    package var before: Digest
    /// The chain value after the last op.
    package var end: Digest
    /// The op hashes from the last op to the seal that covers it; empty when it ends at a seal.
    package var tail: [Digest]

    package init(
        first: UInt64, last: UInt64, before: Digest, end: Digest, tail: [Digest] = []
    ) {
        self.first = first
        self.last = last
        self.before = before
        self.end = end
        self.tail = tail
    }

    /// The seq of the seal that covers the last op.
    package var sealedLast: UInt64 { last + UInt64(tail.count) }

    package init(_ run: VerifiedRun) {
        self.init(
            first: run.first, last: run.last, before: run.before, end: run.end, tail: run.tail)
    }
}
