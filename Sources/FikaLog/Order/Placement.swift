package import FikaCRDT

/// The relay's word that a range of one replica's ops is final: consecutive positions for them.
package struct Placement: Hashable, Sendable {
    package var replica: ReplicaID
    /// The first op's seq.
    package var seq: UInt64
    /// At least 1.
    package var count: UInt64
    /// The position of the first; they rise by one.
    package var position: UInt64
    /// Milliseconds of the relay's clock.
    package var acceptedAt: UInt64

    package init(
        replica: ReplicaID, seq: UInt64, count: UInt64, position: UInt64, acceptedAt: UInt64
    ) {
        self.replica = replica
        self.seq = seq
        self.count = count
        self.position = position
        self.acceptedAt = acceptedAt
    }

    package var lastSeq: UInt64 { seq + count - 1 }
    package var lastPosition: UInt64 { position + count - 1 }
}
