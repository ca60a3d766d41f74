package import FikaCRDT
package import FikaLog

/// Something that came from the other end, in the order in which it came.
package enum Arrival: Sendable {
    /// Ops, and the positions that a relay told of them; none between devices.
    case ops(SealedSegment, [Placement])
    /// Positions of ops that are held, or were told apart.
    case placed(LogID, [Placement])
    /// The relay's signature; it counts when the holder's own hash joins it.
    case head(Head)
    /// What follows goes up to this position: for gaps and progress.
    case follows(LogID, from: UInt64, position: UInt64)
    case refused(Refusal)
    /// The user may not read the log any more.
    case ended(LogID)
    /// The log's positions are told anew (rule C4): those known are let go.
    case orderStartsAgain(LogID)
    /// Nothing accepted up to this time of the relay is missing.
    case synced(UInt64)
}
