package import FikaCRDT

/// What a log promises, whatever it is kept in; one contract suite runs on every implementation.
///
/// A log holds verified ops only, each at most once, in segments. An append is atomic: it throws
/// and changes nothing, or all of it is there.
package protocol OpLog {
    associatedtype Failure: Error

    /// What is thrown where parts of what is held contradict each other: a file can be damaged.
    static func contradiction(_ what: String) -> Failure

    /// The logs of which anything is held, rising.
    func logs() throws(Failure) -> [LogID]

    /// The replicas that are introduced in a log, rising.
    func replicas(of log: LogID) throws(Failure) -> [ReplicaID]

    /// The card of a replica; nil when it was never introduced.
    func card(of replica: ReplicaID, in log: LogID) throws(Failure) -> Card?

    /// What is held of a replica; empty when nothing is.
    func have(of replica: ReplicaID, in log: LogID) throws(Failure) -> ReplicaHave

    /// The seals held of a replica in a range of seqs, rising, with the chain values they sign.
    func seals(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) throws(Failure) -> [HeldSeal]

    /// The ops held of a replica in a range of seqs, rising.
    func ops(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) throws(Failure) -> [Op]

    /// Adds the ops of a segment that are not held.
    ///
    /// An op that is held must have the same hash, and ranges, tails and seals must join: otherwise
    /// it is a fork and nothing is added. ``AppendPlan`` works out what is to be done.
    mutating func append(_ segment: VerifiedSegment) throws(Failure) -> AppendReport

    /// Destroys the body and salt of an op and keeps its hash (rule E2); nothing happens when it is
    /// erased already. An introduction is never erased.
    mutating func erase(_ id: OpID, residue: [UInt8]) throws(Failure)
}

extension OpLog where Failure == LogError {
    /// What lies in memory contradicts itself only by a mistake of ours.
    package static func contradiction(_ what: String) -> LogError {
        preconditionFailure(what)
    }
}
