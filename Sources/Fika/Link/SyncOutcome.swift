/// What came of syncing once.
public enum SyncOutcome: Equatable, Sendable {
    /// Nothing is missing here, and all that was queued is accepted or decided about.
    case complete
    /// Nothing is missing here, and all that is still queued is for these rooms, which the relay
    /// does not know: it goes out once somebody who has them has connected.
    case waiting(for: [RoomID])
    /// The other end could not be reached, or was lost; what is queued stays queued.
    case unreachable
    /// The other end, or this store, does not want it.
    case refused(FikaError)
    /// The task was cancelled.
    case cancelled
}
