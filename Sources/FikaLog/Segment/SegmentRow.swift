package import FikaCRDT

/// One op as it lies in a decoded segment: flat, so that a batch of them costs no allocation each.
package struct SegmentRow: Sendable, BitwiseCopyable {
    package var kind: Kind
    /// Whether the body is salted.
    package var isSalted: Bool
    /// The index of the row's run.
    package var run: Int32
    package var seq: UInt64
    package var time: HybridTime
    /// The index of the target's replica; -1 without a target.
    package var targetReplica: Int32
    package var targetSeq: UInt64
    /// The index among the segment's origins; -1 for an op that was not re-homed.
    package var origin: Int32
    /// The index among the segment's erased hashes; -1 while the body is there.
    package var erasure: Int32
    /// Where the body, or what stays of an erased one, starts in the segment's bodies.
    package var bodyStart: Int32
    package var bodyCount: Int32
    package var salt: Salt

    package var isErased: Bool { erasure >= 0 }
}
