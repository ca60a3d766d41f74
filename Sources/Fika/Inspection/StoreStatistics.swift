/// How large a store is, and what is in it.
public struct StoreStatistics: Hashable, Sendable, Codable {
    /// The workspace's id.
    public var workspace: String
    /// Whose store it is.
    public var user: String
    /// The bytes of the database file, its write-ahead log included.
    public var fileBytes: Int
    /// How many ops there are of each kind, the most frequent first.
    public var kinds: [KindCount]
    /// The rooms and private chats known here.
    public var rooms: Int
    /// All rows that are shown.
    public var rows: Int
    /// Ops in segments.
    public var sealed: Int
    /// Ops not yet sealed.
    public var unsealed: Int
    /// The bytes of the stored segments.
    public var blockBytes: Int

    /// How many ops there are of a kind.
    public struct KindCount: Hashable, Sendable, Codable {
        /// The kind's name.
        public var kind: String
        /// How many there are.
        public var count: Int
        /// The bytes of their bodies before compression.
        public var bodyBytes: Int
    }
}
