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
    /// How many ops of the room the relay has that are not here yet.
    ///
    /// While there are any, rows may be missing anywhere above the newest, and counts say "at
    /// least". They come by themselves while a link is up, and those above a page that is asked
    /// for come first.
    public var missing: Int

    /// Creates a page, for previews and tests.
    public init(room: RoomID, rows: [Message], hasOlder: Bool, hasNewer: Bool, missing: Int = 0) {
        self.room = room
        self.rows = rows
        self.hasOlder = hasOlder
        self.hasNewer = hasNewer
        self.missing = missing
    }
}
