import FikaChat

/// What the door says to one op (rules U3 and U4).
enum DoorVerdict: Hashable, Sendable {
    case accepted
    case refused(CloseReason)
    /// Refused, and it is not for this connection to have the replica closed.
    case turnedAway
    /// What it needs may still come.
    case later
}
