import FikaCRDT

/// One chain of ops.
struct ReplicaInLog: Hashable {
    let log: LogID
    let replica: ReplicaID
}
