package import FikaCRDT

/// What a session asks of its driver, in this order.
package enum SessionAction: Hashable, Sendable {
    case send(Frame)
    /// The other end broke a rule: send this as the last frame and close.
    case fail(Failure)
    /// How far the session is, whenever that changes.
    case phase(SessionPhase)
    /// Something new is stored of these logs, rising; they are at least positions.
    case stored([LogID])
    /// Whenever that changes: the relay does not know these logs, rising, and takes what is for
    /// them once somebody else has brought them.
    case unknown([LogID])
    case ephemeral(Ephemeral)
    /// All that the other end has of the page is stored.
    case pageArrived(PageRequest)
    /// The other end is gone, or is about to close: close.
    case closed(SessionEnd)
}

/// Why a session is over that nobody here ended.
package enum SessionEnd: Hashable, Sendable {
    /// Planned; come back after so many milliseconds.
    case goodbye(retryAfter: UInt64)
    /// The other end gave up and said why.
    case failure(Failure)
    /// Nothing was heard for too long (rule L1).
    case silent
}

/// How far a session is.
package enum SessionPhase: Hashable, Sendable {
    case handshaking
    /// Of what follows this many positions have come; between devices both are 0.
    case syncing(held: UInt64, total: UInt64)
    /// Nothing that the other end had is missing.
    case upToDate
}
