package import FikaCRDT
package import FikaChat

/// A line of the room list.
package struct RoomRow: Hashable, Sendable {
    package var log: LogID
    package var kind: LogKind
    package var name: String
    package var about: String
    package var isMember: Bool
    /// An unknown critical kind keeps this version from writing here.
    package var isReadOnly: Bool
    package var rows: Int
    package var unread: Int
    package var mentions: Int
    package var flags: Set<LogFlag.Name>
    /// The last row of the timeline, as it is shown; nil while there is none.
    package var last: TimelineRow?
}
