/// Some rows of a timeline next to each other.
public struct TimelinePage: Hashable, Sendable, Codable {
    /// The room that they are of.
    public var room: RoomID
    /// In the order of the timeline, the oldest first.
    public var rows: [Message]
    /// Whether there are rows before the first.
    public var hasOlder: Bool
    /// Whether there are rows after the last.
    public var hasNewer: Bool

    /// Creates a page, for previews and tests.
    public init(room: RoomID, rows: [Message], hasOlder: Bool, hasNewer: Bool) {
        self.room = room
        self.rows = rows
        self.hasOlder = hasOlder
        self.hasNewer = hasNewer
    }
}
