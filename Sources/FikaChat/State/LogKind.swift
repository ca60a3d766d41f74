/// What a log is for (rule M1).
package enum LogKind: Hashable, Sendable {
    case room(RoomKind)
    case privateChat
    case personal
    case directory
    /// Nothing that says it has arrived yet.
    case unknown
}
