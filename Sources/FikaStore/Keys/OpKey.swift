import FikaLog

/// An op's name within one store: its replica's row in the upper 32 bits, its seq in the lower.
///
/// Tables refer to ops by this one number, and a message's is its rowid.
package struct OpKey: Hashable, Sendable, BitwiseCopyable {
    package let raw: Int64

    /// The rows that a replica may have.
    package static let replicaRows: ClosedRange<Int64> = 1...(1 << 31 - 1)

    package init(raw: Int64) {
        self.raw = raw
    }

    /// Creates a key; the seq is within its limit since the op was verified.
    package init(replica: Int64, seq: UInt64) {
        precondition(
            Self.replicaRows.contains(replica) && seq <= Limits.seqMaximum,
            "rows have 31 bits and seqs 32")
        raw = replica << 32 | Int64(seq)
    }

    /// Whether a number that was read can be a key.
    static func isWellFormed(_ key: OpKey) -> Bool {
        replicaRows.contains(key.replica) && key.seq > 0
    }

    /// The row of the replica.
    package var replica: Int64 { raw >> 32 }

    package var seq: UInt64 { UInt64(raw & 0xFFFF_FFFF) }
}

extension OpKey: Comparable {
    package static func < (left: OpKey, right: OpKey) -> Bool { left.raw < right.raw }
}
