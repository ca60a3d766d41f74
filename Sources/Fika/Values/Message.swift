public import Foundation

/// One row of a timeline: a message, a poll, an imported line, or an event of the room.
public struct Message: Hashable, Sendable, Codable, Identifiable {
    /// Names it for life.
    public var id: MessageID
    /// Who is shown as having written it.
    public var author: Author
    /// When it was said.
    public var time: Date
    /// When the relay took it, long after ``time`` where it was written offline; nil until then.
    public var acceptedAt: Date?
    /// What it shows.
    public var content: Content
    /// Whether its text was changed since.
    public var isEdited: Bool
    /// By emoji.
    public var reactions: [Reaction]
    /// Who pinned it first; nil when it is not pinned.
    public var pinnedBy: String?
    /// Whether this user has yet to read it.
    public var isUnread: Bool
    /// What has become of it, when this user's device wrote it and it is not yet accepted.
    public var delivery: Delivery?

    /// Creates a row, for previews and tests.
    public init(
        id: MessageID, author: Author, time: Date, acceptedAt: Date? = nil, content: Content,
        isEdited: Bool = false, reactions: [Reaction] = [], pinnedBy: String? = nil,
        isUnread: Bool = false,
        delivery: Delivery? = nil
    ) {
        self.id = id
        self.author = author
        self.time = time
        self.acceptedAt = acceptedAt
        self.content = content
        self.isEdited = isEdited
        self.reactions = reactions
        self.pinnedBy = pinnedBy
        self.isUnread = isUnread
        self.delivery = delivery
    }

    /// Who is shown as having written a row.
    public enum Author: Hashable, Sendable, Codable {
        /// A user of the workspace.
        case user(String)
        /// A name from where the row was imported from, and who imported it.
        case imported(name: String, by: String)

        /// The name to show; empty for imported events.
        public var name: String {
            switch self {
            case .user(let user): user
            case .imported(let name, _): name
            }
        }
    }

    /// What a row shows.
    public enum Content: Hashable, Sendable, Codable {
        /// A message; `reply` is what it answers, which need not be here.
        case text(String, mentions: [String], reply: MessageID?)
        /// A line from elsewhere.
        case imported(ImportedType, text: String)
        /// A poll with its state.
        case poll(Poll)
        /// What stays of a deleted row.
        case deleted
        /// Something that happened to the room.
        case event(Event)
    }

    /// What an imported line was.
    public enum ImportedType: String, Hashable, Sendable, Codable {
        /// Something said.
        case message
        /// Something done: "omid dukar".
        case action
        /// Something announced.
        case notice
        /// Somebody joining, leaving, or the like; it has no author.
        case event
    }

    /// Something that happened to the room.
    public enum Event: Hashable, Sendable, Codable {
        /// The room was made under this name.
        case created(name: String)
        /// A user was let in.
        case invited(user: String, asModerator: Bool)
        /// A user was removed.
        case removed(user: String)
        /// The author left.
        case left
        /// The room was named.
        case renamed(String)
        /// The room was described.
        case described(String)
    }

    /// One emoji and who stands behind it.
    public struct Reaction: Hashable, Sendable, Codable {
        /// Compared by its bytes.
        public var emoji: String
        /// Rising, never empty.
        public var users: [String]
    }

    /// The text that it shows; nil for polls, events and deleted rows.
    public var text: String? {
        switch content {
        case .text(let text, _, _), .imported(_, let text): text
        case .poll, .deleted, .event: nil
        }
    }
}
