package import FikaSync

/// How a link stands.
package enum LinkState: Hashable, Sendable {
    /// There is no connection; the next attempt comes in so many milliseconds.
    case offline(retryIn: UInt64, reason: String)
    case connecting
    /// Of what follows, so many positions have come; both are 0 while that is not known.
    case syncing(held: UInt64, total: UInt64)
    /// Nothing that the other end has is missing.
    case upToDate
    /// The other end will not have us, or is not who it should be; only a wish tries again.
    case refused(Failure)
    /// The link was ended.
    case closed
}
