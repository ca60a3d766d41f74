package import FikaCRDT

/// Something in a store that is not as it must be.
package struct StoreProblem: Hashable, Sendable {
    package let log: LogID?
    package let replica: ReplicaID?
    /// The op at which it was found.
    package let seq: UInt64?
    /// What is wrong, in one sentence.
    package let what: String

    package init(
        log: LogID? = nil, replica: ReplicaID? = nil, seq: UInt64? = nil, what: String
    ) {
        self.log = log
        self.replica = replica
        self.seq = seq
        self.what = what
    }
}
