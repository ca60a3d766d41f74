package import FikaLog

/// Where a replica was closed (rule F8).
package struct ReplicaClose: Hashable, Sendable {
    /// The last op that counts.
    package let seq: UInt64
    /// The chain value after it.
    package let chain: Digest
    package let reason: CloseReason
    /// From here on nothing beyond `lastCounting` counts.
    package let point: AccessPoint
    /// Whether what is held of the replica has another chain value at `seq`.
    package let isOfOtherBranch: Bool

    package init(
        seq: UInt64, chain: Digest, reason: CloseReason, point: AccessPoint,
        isOfOtherBranch: Bool = false
    ) {
        self.seq = seq
        self.chain = chain
        self.reason = reason
        self.point = point
        self.isOfOtherBranch = isOfOtherBranch
    }

    /// The last held op that counts above the point: none of another branch.
    package var lastCounting: UInt64 { isOfOtherBranch ? 0 : seq }
}
