package import FikaCRDT
package import FikaLog

/// What a client's session needs of its store; every call is a transaction of its own.
///
/// `LogError` thrown by it means that what the other end sent is bad; any other error that the
/// holder itself failed.
package protocol SyncHolder {
    /// What to say in `hello` to a relay of this epoch; a nil sum when no cursor is of it.
    ///
    /// Whoever says that it is the relay has not proven it yet: nothing is written.
    func greeting(
        relay: PublicKey, epoch: Epoch
    ) throws -> (summary: SyncSummary?, completeUntil: UInt64)

    /// Takes note of a relay that has proven its key, and of its time, before anything but `hello`
    /// is sent to it (rules C1, C3 and H4).
    ///
    /// In another epoch than before the cursors are void. Placements up to the longest head are
    /// kept, to fill that relay's order with; those beyond it are let go, and their ops are pending
    /// again.
    mutating func meet(relay: PublicKey, epoch: Epoch, time: UInt64) throws

    /// Of each log of which anything is held and that did not end, rising.
    func cursors() throws -> [LogCursor]

    /// The cursor's position in the present epoch; 0 without one.
    func position(of log: LogID) throws -> UInt64

    /// The chain value after an op that is held; nil when it is not. Seq 0 gives the start.
    func chain(of replica: ReplicaID, in log: LogID, at seq: UInt64) throws -> Digest?

    /// Verifies and stores what came, in one transaction with the cursors.
    ///
    /// A placement that contradicts one that is held lets go of all positions of its log first
    /// (rule C4). Of a log that was not held and came without positions, nothing is kept unless
    /// the user may read it afterwards (rule P3).
    ///
    /// Throws `LogError` when it does not verify; nothing is then stored.
    mutating func store(_ arrivals: [Arrival]) throws

    /// Seals what is unsealed and gives all ranges that no relay has accepted, in the order in
    /// which they are to go up (rule U1). Seals are on disk when it returns (rule O3).
    mutating func pending() throws -> [PendingRange]

    /// What is held of a log, with the longest head.
    func haves(of log: LogID) throws -> Haves

    /// The placements held of some positions, rising; those of ops that are not held are left out.
    func placements(in log: LogID, positions: ClosedRange<UInt64>) throws -> [Placement]

    /// Hands out held ops of a log, in ranges of one replica each, as sealed segments of at most
    /// 1024 ops; with cards when the receiver may lack the introductions.
    func segments(
        of log: LogID, ranges: [ReplicaRange], withCards: Bool
    ) throws -> [SealedSegment]

    /// The logs that a user may read under the provisional access, rising.
    func logs(readableBy user: UserID) throws -> [LogID]
}

/// A range of one replica's seqs in some log.
package struct ReplicaRange: Hashable, Sendable {
    package var replica: ReplicaID
    package var seqs: ClosedRange<UInt64>

    package init(replica: ReplicaID, seqs: ClosedRange<UInt64>) {
        self.replica = replica
        self.seqs = seqs
    }
}

/// Sealed ops of one replica that are not accepted.
package struct PendingRange: Hashable, Sendable {
    package var log: LogID
    package var range: ReplicaRange
    package var isImport: Bool

    package init(log: LogID, range: ReplicaRange, isImport: Bool) {
        self.log = log
        self.range = range
        self.isImport = isImport
    }
}
