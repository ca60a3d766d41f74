/// Somebody who is in a room now.
public struct RoomMember: Hashable, Sendable, Codable {
    /// Who it is.
    public var user: String
    /// Whether they may remove others and delete what others wrote.
    public var isModerator: Bool
}
