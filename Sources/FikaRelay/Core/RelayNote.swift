package import FikaCRDT
package import FikaLog
package import FikaNet
package import FikaSync

/// What happened, for logs and figures.
package enum RelayNote: Hashable, Sendable {
    case admitted(ConnectionID, UserID)
    /// Ops were given positions.
    case accepted(LogID, count: Int)
    case refused(Refusal)
    /// Live bytes went to so many connections.
    case forwarded(LogID, connections: Int)
    /// It has no credit for live bytes of a log and is sent them from the log instead.
    case fellBehind(ConnectionID, LogID)
    case failed(ConnectionID, Failure)
    /// Nothing was heard of it for too long.
    case silent(ConnectionID)
    case newEpoch(Epoch)
}
