/// What this store holds of one log.
public struct LogEntry: Hashable, Sendable, Codable {
    /// Names the log; a room's is the room's.
    public var id: RoomID
    /// What it is for: "room", "privateChat", "visitor", "event", "personal" or "directory".
    public var kind: String
    /// The room's name.
    public var name: String
    /// By id.
    public var replicas: [Replica]
    /// The stored segments.
    public var segmentCount: Int
    /// The ops in segments.
    public var sealedCount: Int
    /// The ops that were written here and not yet sealed.
    public var unsealedCount: Int
    /// The bytes of the stored segments.
    public var blockBytes: Int
    /// The bytes of the seals and their chain values.
    public var proofBytes: Int

    /// What is held of one writer.
    public struct Replica: Hashable, Sendable, Codable {
        /// 32 hexadecimal digits.
        public var id: String
        /// Whose device it is; nil for a relay's.
        public var user: String?
        /// The device's name.
        public var deviceName: String?
        /// Whether this store writes, or wrote, as it.
        public var isOwn: Bool
        /// Whether it wrote an import.
        public var isImport: Bool
        /// The ops that are held, as rising ranges of their numbers.
        public var haves: [ClosedRange<UInt64>]
        /// The ops that are not yet sealed.
        public var unsealedCount: Int
        /// The seals held.
        public var sealCount: Int
    }

    /// The bytes of an op in segments, on average; nil without any.
    public var bytesPerOp: Double? {
        sealedCount == 0 ? nil : Double(blockBytes) / Double(sealedCount)
    }
}
