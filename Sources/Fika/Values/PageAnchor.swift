/// Which part of a timeline is asked for.
public enum PageAnchor: Hashable, Sendable {
    /// The newest rows.
    case newest
    /// The rows before this one.
    case before(MessageID)
    /// The rows after this one.
    case after(MessageID)
    /// The rows around this one, some above it.
    case around(MessageID)
    /// The rows around the first that this user has not read; the newest when all is read.
    case firstUnread
}
