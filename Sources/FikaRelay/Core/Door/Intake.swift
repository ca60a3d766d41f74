import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaSync

/// One upload on its way through the door: the log's state as it becomes, and what to tell whom.
struct Intake {
    var place: LogState
    let reader: Reader
    var acceptedAt: UInt64
    /// Whether positions are given, and not only filled in again.
    var isGiving = true
    /// Where the log was before.
    let from: UInt64
    /// What was given positions, in their order.
    var pieces: [Piece] = []
    /// Rows that were accepted and are not yet written.
    var rows: [AcceptedRow] = []
    var refusals: [Refusal] = []
    /// Replicas of which nothing more is taken.
    var stopped: Set<ReplicaID> = []
    /// Ranges that were accepted before: they are acknowledged again.
    var repeated: [(replica: ReplicaID, seqs: ClosedRange<UInt64>)] = []
    var changes: [MembershipChange] = []
    /// Those that are written.
    var told: [MembershipChange] = []
    /// What is written beside the rows: early ops and aims.
    var early: [EarlyOp] = []
    var aims: [(dot: Dot, target: Dot)] = []
    var touched: Set<ReplicaID> = []

    init(_ place: LogState, reader: Reader, acceptedAt: UInt64) {
        self.place = place
        self.reader = reader
        self.acceptedAt = max(acceptedAt, place.order.acceptedAt)
        from = place.order.position
    }

    /// Whether somebody became a member, or ceased to be one.
    struct MembershipChange: Hashable {
        var user: UserID
        var isMember: Bool
    }
}

/// A row that has a position.
struct AcceptedRow: Sendable {
    var index: Int
    var dot: Dot
    var kind: Kind
    var target: Dot?
    var origin: Dot?
    var position: UInt64
    var running: Digest
}

/// Ops that were accepted together, as they are forwarded.
struct Piece: Sendable {
    var sealed: SealedSegment
    var placements: [Placement]
    /// Whether they came from the connection whose upload it is; the relay's own did not.
    var isUploaded: Bool
}
