/// What a device says that it has no right to say.
enum WorldForgery: String, CaseIterable {
    /// Another op at a seq of its own that it has used.
    case fork
    /// Another introduction of a replica of its own.
    case secondIntroduction
    /// An op of somebody else's replica, with the device's own signature.
    case foreignReplica
    /// A message from ten years ahead.
    case future
    /// A message from long ago.
    case past
    /// A message that claims to be said again by somebody else.
    case foreignOrigin
    /// Deletes, edits and unpins what is somebody else's, and ends and gives memberships.
    case foreignRights
    /// A close, as only relays write them.
    case close
    /// A kind that nobody knows.
    case unknownKind
    /// A body that says nothing.
    case malformed
    /// Ops without those before them.
    case gap
    /// Bytes that are no frames.
    case garbage
}
