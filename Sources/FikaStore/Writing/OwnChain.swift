import FikaCRDT

/// Where this store's own writing in one log stands.
struct OwnChain {
    /// The row of the replica.
    let row: Int64
    let replica: ReplicaID
    var nextSeq: UInt64
    var clock: HybridClock
}
