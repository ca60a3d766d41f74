import FikaCRDT

/// Where this store's own writing in one log stands.
struct OwnChain {
    /// The row of the replica.
    let row: Int64
    let replica: ReplicaID
    var nextSeq: UInt64
    /// The highest time that the log holds, own unsealed ops left out (rule C3).
    var held: HybridTime
    var clock: HybridClock
}
