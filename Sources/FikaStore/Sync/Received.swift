package import FikaChat
package import FikaCRDT
package import FikaLog

/// Something that another holder sent, as a store takes it in.
package enum Received: Sendable {
    /// Ops, and positions that a relay told with them.
    case ops(SealedSegment, [Placement])
    case placed(LogID, [Placement])
    case head(Head)
    /// What follows goes up to this position.
    case follows(LogID, position: UInt64)
    case refused(RefusedOps)
    /// The user may not read the log any more.
    case ended(LogID)
    /// The log's positions are told anew.
    case orderStartsAgain(LogID)
    /// Nothing accepted up to this time of the relay is missing.
    case synced(UInt64)

    var log: LogID? {
        switch self {
        case .ops(let sealed, _): sealed.segment.log
        case .placed(let log, _), .follows(let log, _), .ended(let log), .orderStartsAgain(let log):
            log
        case .head(let head): head.log
        case .refused(let refused): refused.log
        case .synced: nil
        }
    }

    var placements: [Placement] {
        switch self {
        case .ops(_, let placements), .placed(_, let placements): placements
        case .head, .follows, .refused, .ended, .orderStartsAgain, .synced: []
        }
    }
}

/// Ops of a replica that a relay will never take, from a seq on.
package struct RefusedOps: Hashable, Sendable {
    package let log: LogID
    package let replica: ReplicaID
    package let seq: UInt64
    /// Whether the log has, or will have, the close that says so.
    package let isClosed: Bool
    /// Nil for a reason that this version does not know.
    package let reason: CloseReason?

    package init(
        log: LogID, replica: ReplicaID, seq: UInt64, isClosed: Bool, reason: CloseReason?
    ) {
        self.log = log
        self.replica = replica
        self.seq = seq
        self.isClosed = isClosed
        self.reason = reason
    }
}
