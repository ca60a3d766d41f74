package import FikaChat
import FikaCRDT
package import FikaLog

/// A row of the timeline with what this holder alone knows of it.
package struct StoredRow: Hashable, Sendable {
    package var row: TimelineRow
    package var key: OpKey
    /// Whose device wrote it, or imported it.
    package var writer: UserID
    package var isUnread: Bool
    package var mentionsViewer: Bool
    package var delivery: Delivery

    /// When it was said, in milliseconds: never later than it was accepted (rule C3).
    package var shownMilliseconds: UInt64 {
        guard case .accepted(_, let time) = delivery else { return row.stamp.time.milliseconds }
        return min(row.stamp.time.milliseconds, time)
    }

    /// How far a row has come.
    package enum Delivery: Hashable, Sendable {
        /// Nobody but this store has seen it, and it can still change.
        case unsealed
        /// Signed, and not yet final.
        case pending
        /// Final: the relay's position, and its clock in milliseconds.
        case accepted(position: UInt64, at: UInt64)
        /// It waits for a person's decision.
        case held
        /// The relay will never take it; the text is kept.
        case refused(CloseReason?)
    }
}
