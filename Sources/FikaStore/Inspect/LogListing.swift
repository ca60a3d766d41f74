package import FikaCRDT
package import FikaLog

/// What a store holds of one log, for people who look inside.
package struct LogListing: Hashable, Sendable {
    /// What it holds of one replica.
    package struct Replica: Hashable, Sendable {
        package let replica: ReplicaID
        package let user: UserID?
        package let deviceName: String?
        package let own: ReplicaEntry.Own
        package let isImport: Bool
        package let have: ReplicaHave
        package let unsealed: Int
        package let seals: Int
    }

    package let log: LogID
    package let preimage: LogPreimage?
    package let replicas: [Replica]
    package let segments: Int
    package let sealedOps: Int
    /// Bytes of the stored blocks.
    package let blockBytes: Int
    /// Bytes of seals, have and introductions, as handed over.
    package let proofBytes: Int

    package var unsealedOps: Int { replicas.reduce(0) { $0 + $1.unsealed } }
}
