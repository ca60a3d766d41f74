/// A room or private chat as it stands in the list of rooms.
public struct RoomSummary: Hashable, Sendable, Codable, Identifiable {
    /// Names it for life.
    public var id: RoomID
    /// What it is for.
    public var kind: Kind
    /// A room's name; of a private chat, the other user's.
    public var name: String
    /// What the room is about.
    public var about: String
    /// Whether this user is in it.
    public var isMember: Bool
    /// The number of rows.
    public var rowCount: Int
    /// How many rows this user has yet to read.
    public var unreadCount: Int
    /// How many of these mention this user.
    public var mentionCount: Int
    /// Whether all that the relay told of is here; else the counts mean "at least".
    public var isComplete: Bool
    /// The newest row; nil while there is none.
    public var last: Message?

    /// What a room is for.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// Colleagues; every member invites.
        case room
        /// A chat of two, or with oneself.
        case privateChat
        /// A visitor's chat; moderators invite.
        case visitor
        /// An event's chat; moderators invite and name.
        case event
    }
}
