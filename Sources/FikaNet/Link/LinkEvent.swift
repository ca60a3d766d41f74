import FikaSync

/// What happens to a link; attempts are numbered, so that what comes late from an earlier one is
/// known.
enum LinkEvent<Session: SyncSession & Sendable>: Sendable {
    case connected(attempt: UInt64, OutgoingConnection)
    case notConnected(attempt: UInt64, String)
    case received(attempt: UInt64, FrameGroup)
    case broken(attempt: UInt64, Failure)
    case lost(attempt: UInt64)
    case tick(attempt: UInt64)
    case retry(attempt: UInt64)
    case localChanges
    case trigger(Reconnector.Trigger)
    case session(@Sendable (inout Session) -> [SessionAction])
}
