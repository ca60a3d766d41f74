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

extension StoreProblem: CustomStringConvertible {
    package var description: String {
        let places = [
            log.map { "log \($0)" }, replica.map { "replica \($0)" }, seq.map { "op \($0)" },
        ]
        return places.compactMap(\.self).joined(separator: ", ") + ": " + what
    }
}
