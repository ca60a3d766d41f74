/// What is to be explained.
public enum WhyQuestion: Hashable, Sendable {
    /// Why a row shows what it shows.
    case message(MessageID)
    /// Why a room has its name.
    case name(RoomID)
    /// Why a user is in a room, or not.
    case member(RoomID, user: String)
    /// Why a user's votes in a poll count as they do.
    case vote(MessageID, user: String)
}
