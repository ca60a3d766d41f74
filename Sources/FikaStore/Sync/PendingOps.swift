package import FikaCRDT

/// Sealed ops of one replica that no relay has accepted.
package struct PendingOps: Hashable, Sendable {
    package let log: LogID
    package let replica: ReplicaID
    package let seqs: ClosedRange<UInt64>
    package let isImport: Bool
}
