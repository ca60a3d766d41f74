package import FikaCRDT

/// A segment whose every op is vouched for by its replica; only ``SegmentVerifier`` makes one.
package struct VerifiedSegment: Sendable {
    package let block: [UInt8]
    package let segment: Segment
    /// One for each of the segment's runs, in their order.
    package let runs: [VerifiedRun]
    /// The cards of the replicas that were not known before, by replica.
    package let newCards: [Card]
    /// By row: the op's hash.
    package let opHashes: [Digest]

    init(
        sealed: SealedSegment, runs: [VerifiedRun], newCards: [Card], opHashes: [Digest]
    ) {
        block = sealed.block
        segment = sealed.segment
        self.runs = runs
        self.newCards = newCards
        self.opHashes = opHashes
    }

    package var log: LogID { segment.log }
}
