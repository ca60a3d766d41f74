public import Foundation

/// Something written here that is not yet accepted by a relay.
public struct OutboxItem: Hashable, Sendable, Codable {
    /// The room that it is for; of a read mark or a flag, this user's own log.
    public var room: RoomID
    /// The first op of the item.
    public var first: MessageID
    /// How many ops it has; imports are one item.
    public var opCount: Int
    /// What it is, as "message" or "reaction"; "import" for an import.
    public var kind: String
    /// The text, where it has one.
    public var text: String?
    /// When it was written, by this device's clock.
    public var writtenAt: Date
    /// What has become of it.
    public var delivery: Delivery
}
