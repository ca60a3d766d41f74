package import FikaChat
package import FikaCRDT
package import FikaLog

/// A relay's log: ops, and the order that the relay gave them.
///
/// One contract suite runs on every implementation. Writes are only made within
/// ``transaction(_:)``; when it returns, they are on disk.
package protocol RelayLog: OpLog {
    /// Runs a body whose writes are all there when this returns, or none of them.
    mutating func transaction<Value>(_ body: (inout Self) throws -> Value) throws -> Value

    /// The epoch of this relay's order; nil before the first was begun.
    func epoch() throws(Failure) -> Epoch?

    mutating func begin(_ epoch: Epoch) throws(Failure)

    /// What is known of a log's order; nil when nothing of it was ever accepted or taken over.
    func order(of log: LogID) throws(Failure) -> LogOrder?

    /// Writes down a log's order; a new log gets the next number, from 1.
    mutating func setOrder(_ order: LogOrder) throws(Failure)

    /// All orders, by rising log.
    func orders() throws(Failure) -> [LogOrder]

    /// What is accepted of a replica; nil when nothing is.
    func accepted(of replica: ReplicaID, in log: LogID) throws(Failure) -> AcceptedReplica?

    /// All replicas of a log of which something is accepted, by rising number.
    func acceptedReplicas(of log: LogID) throws(Failure) -> [AcceptedReplica]

    mutating func setAccepted(_ replica: AcceptedReplica, in log: LogID) throws(Failure)

    /// Adds a placement; `running` is the running hash after its last position.
    mutating func place(
        _ placement: Placement, running: Digest, in log: LogID
    ) throws(Failure)

    /// The placements that touch some positions, rising, whole, with the running hashes after them.
    func placements(
        in log: LogID, positions: ClosedRange<UInt64>, limit: Int
    ) throws(Failure) -> [PlacedRun]

    /// The last placement that was accepted at or before a time; nil when there is none.
    func lastPlacement(in log: LogID, acceptedUntil time: UInt64) throws(Failure) -> PlacedRun?

    /// Where the ops of a replica's range stand, by rising seq; without those not accepted.
    func placements(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) throws(Failure) -> [Placement]

    /// The ids of the ops with the newest stamps before a time, newest first: as many as make so
    /// many rows of a timeline, but no more than one page takes (rule D2).
    func newest(in log: LogID, before time: HybridTime, limit: Int) throws(Failure) -> [Dot]

    /// Remembers an accepted op of a kind that is sent first; all access ops are.
    mutating func noteEarly(_ dot: Dot, at position: UInt64, in log: LogID) throws(Failure)

    /// The ops noted as early after a position, by rising position.
    func early(
        in log: LogID, after position: UInt64, limit: Int
    ) throws(Failure) -> [EarlyOp]

    /// Remembers a delete, or an op whose body goes with its target's (rule E1), by its target.
    mutating func noteAim(of dot: Dot, at target: Dot, in log: LogID) throws(Failure)

    /// Remembers that an imported line was erased.
    mutating func noteErasedImport(_ key: ImportKey, in log: LogID) throws(Failure)

    /// The imported lines of a log that were erased: few, as a rule none.
    func erasedImports(of log: LogID) throws(Failure) -> Set<ImportKey>

    /// The ops noted as aiming at one, held or not; rising.
    func aims(at target: Dot, in log: LogID) throws(Failure) -> [Dot]

    /// Writes down whether a user may read a log, over what was written down before.
    mutating func setMembership(
        _ membership: LogMembership, of user: UserID, in workspace: WorkspaceID
    ) throws(Failure)

    /// The logs that a user may read, or once might; by rising log.
    func memberships(
        of user: UserID, in workspace: WorkspaceID
    ) throws(Failure) -> [LogMembership]
}

/// An accepted op of a kind that is sent before all others, and its position.
package struct EarlyOp: Hashable, Sendable {
    package var dot: Dot
    package var position: UInt64

    package init(dot: Dot, position: UInt64) {
        self.dot = dot
        self.position = position
    }
}

/// Whether a user may read a log, and since when that is so.
package struct LogMembership: Hashable, Sendable {
    package var log: LogID
    package var isMember: Bool
    /// When that was accepted, milliseconds.
    package var changedAt: UInt64

    package init(log: LogID, isMember: Bool, changedAt: UInt64) {
        self.log = log
        self.isMember = isMember
        self.changedAt = changedAt
    }
}

/// A placement with the running hash after its last position.
package struct PlacedRun: Hashable, Sendable {
    package var placement: Placement
    package var running: Digest

    package init(placement: Placement, running: Digest) {
        self.placement = placement
        self.running = running
    }
}

/// How far a log's order goes.
package struct LogOrder: Hashable, Sendable {
    package var log: LogID
    /// From 1, given by the log's store; 0 asks for the next.
    package var number: UInt64
    package var workspace: WorkspaceID
    /// The highest position given.
    package var position: UInt64
    package var running: Digest
    package var access: Digest
    /// The head that was taken over, until the order is filled up to it: no position is given.
    package var reserved: Head?
    /// The first position given in the present epoch; nil when none was.
    package var firstGiven: UInt64?
    /// When the last op was accepted, milliseconds.
    package var acceptedAt: UInt64
    /// The highest accepted stamp.
    package var highestTime: HybridTime

    package init(
        log: LogID, number: UInt64 = 0, workspace: WorkspaceID, position: UInt64 = 0,
        running: Digest, access: Digest, reserved: Head? = nil,
        firstGiven: UInt64? = nil, acceptedAt: UInt64 = 0, highestTime: HybridTime = .zero
    ) {
        self.log = log
        self.number = number
        self.workspace = workspace
        self.position = position
        self.running = running
        self.access = access
        self.reserved = reserved
        self.firstGiven = firstGiven
        self.acceptedAt = acceptedAt
        self.highestTime = highestTime
    }
}

/// What a relay accepted of one replica of a log.
package struct AcceptedReplica: Hashable, Sendable {
    package var replica: ReplicaID
    /// From 1, in the order in which the introductions were accepted in the log.
    package var number: UInt64
    /// The last seq accepted, and the chain value after it.
    package var last: UInt64
    package var chain: Digest
    /// The seq of the lowest close; nil while it is open.
    package var closedAt: UInt64?

    package init(
        replica: ReplicaID, number: UInt64, last: UInt64, chain: Digest, closedAt: UInt64? = nil
    ) {
        self.replica = replica
        self.number = number
        self.last = last
        self.chain = chain
        self.closedAt = closedAt
    }
}
