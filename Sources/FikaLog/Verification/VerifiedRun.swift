package import FikaCRDT

/// A run whose ops are vouched for.
package struct VerifiedRun: Hashable, Sendable {
    package let replica: ReplicaID
    package let first: UInt64
    package let last: UInt64
    /// The chain value before the first op.
    package let before: Digest
    /// The chain value after the last op.
    package let end: Digest
    package let seals: [HeldSeal]
    /// The op hashes from the last op to the last seal.
    package let tail: [Digest]

    /// The seq of the last seal.
    package var sealedLast: UInt64 { last + UInt64(tail.count) }
}

/// A seal with the chain value that it signs.
package struct HeldSeal: Hashable, Sendable {
    package let seq: UInt64
    package let chain: Digest
    package let signature: Signature

    package init(seq: UInt64, chain: Digest, signature: Signature) {
        self.seq = seq
        self.chain = chain
        self.signature = signature
    }

    package var seal: Seal { Seal(seq: seq, signature: signature) }
}
