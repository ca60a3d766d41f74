package import FikaCRDT

/// Which ops of one replica were read.
package struct ReplicaMarks: Hashable, Sendable {
    package let replica: ReplicaID
    /// Never empty.
    package let seqs: IntervalSet

    package init(replica: ReplicaID, seqs: IntervalSet) {
        self.replica = replica
        self.seqs = seqs
    }
}
