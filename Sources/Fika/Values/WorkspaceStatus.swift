public import Foundation

/// How a store stands: its links, what is on its way, and what is missing.
public struct WorkspaceStatus: Hashable, Sendable, Codable {
    /// The workspace's id.
    public var workspace: String
    /// Whose store it is.
    public var user: String
    /// The device's name.
    public var device: String
    /// Whether a process holds the store now: this one, or one that answered.
    public var isHeld: Bool
    /// The links of the process that holds the store.
    public var links: [LinkReport]
    /// The relay that this store was told to connect to.
    public var relay: RelayAddress?
    /// The key of the relay that was met last, in hexadecimal digits.
    public var relayKey: String?
    /// Which order of the relay the positions held here are of, in hexadecimal digits.
    public var epoch: String?
    /// The time of the relay up to which nothing is missing.
    public var completeUntil: Date?
    /// Seconds that the relay's clock is ahead of this device's.
    public var clockCorrection: Double?
    /// Items of the outbox that are on their way.
    public var queued: Int
    /// Items of the outbox that wait for a person's decision.
    public var held: Int
    /// Items of the outbox that will never count.
    public var refused: Int
    /// How many logs there are, this user's own included.
    public var logs: Int
    /// Rooms of which something is known to be missing.
    public var gaps: [Gap]

    /// A room of which something is known to be missing.
    public struct Gap: Hashable, Sendable, Codable {
        /// The room; this user's own log has no name.
        public var room: RoomID
        /// The room's name.
        public var name: String
        /// How many ops are known to be missing.
        public var missing: Int
    }
}
