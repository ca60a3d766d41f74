/// Something that somebody wants done: an intent, never a toggle, and never "what I saw plus one".
///
/// A process that does not hold the store hands its commands to the one that does.
public enum Command: Hashable, Sendable, Codable {
    /// Makes a room and lets its members in.
    case createRoom(name: String, about: String, members: [String], kind: RoomSummary.Kind)
    /// Names a room.
    case rename(RoomID, name: String)
    /// Says what a room is about.
    case describe(RoomID, about: String)
    /// Lets a user in.
    case invite(RoomID, user: String, asModerator: Bool)
    /// Ends a user's membership.
    case remove(RoomID, user: String)
    /// Leaves a room.
    case leave(RoomID)
    /// Makes the chat with a user known; with oneself, notes.
    case privateChat(user: String)
    /// Writes a message; `reply` names what it answers.
    case send(RoomID, text: String, reply: MessageID?)
    /// Replaces the text of an own message.
    case edit(MessageID, text: String)
    /// Deletes a message for everybody; its text is destroyed.
    case delete(MessageID)
    /// Sets whether this user stands behind an emoji.
    case setReaction(MessageID, emoji: String, isOn: Bool)
    /// Sets whether a message is pinned.
    case setPin(MessageID, isOn: Bool)
    /// Makes a poll.
    case createPoll(RoomID, PollDraft)
    /// Adds an option to a poll.
    case addOption(MessageID, text: String)
    /// Sets this user's vote for some options, by their places as shown, counted from 1.
    case vote(MessageID, options: [Int], isOn: Bool)
    /// Marks as read what stands up to a row; all of the room when none is named.
    case markRead(RoomID, from: MessageID?, upTo: MessageID?)
    /// Imports IRC day files; paths are absolute.
    case importIRC(IRCImport)
    /// Writes logs into a file; all when none is named.
    case export(path: String, rooms: [RoomID])
    /// Takes in an export file.
    case importExport(path: String)
    /// Derives all that is shown anew from the log.
    case rebuild
    /// Takes an item that was refused or is held out of the outbox; the op stays in the log.
    case discard(MessageID)
    /// Writes what was refused or is held once more, as something new.
    case sendAgain(MessageID)
    /// Remembers which relay to connect to; nil forgets it.
    case setRelay(RelayAddress?)
    /// Asks how the links of the process that holds the store stand.
    case reportLinks
    /// Has the links of the process that holds the store try now, and asks how they stand.
    case wakeLinks

    /// A poll to be made.
    public struct PollDraft: Hashable, Sendable, Codable {
        /// What is asked.
        public var question: String
        /// In the order they are shown.
        public var options: [String]
        /// Whether one person may vote for several.
        public var allowsMultiple: Bool
        /// Whether every member may add options.
        public var anyoneAdds: Bool
        /// Whether every member may change question, options and settings.
        public var anyoneEdits: Bool

        /// Creates a draft; a poll has single answers and is its creator's unless said otherwise.
        public init(
            question: String, options: [String], allowsMultiple: Bool = false,
            anyoneAdds: Bool = false, anyoneEdits: Bool = false
        ) {
            self.question = question
            self.options = options
            self.allowsMultiple = allowsMultiple
            self.anyoneAdds = anyoneAdds
            self.anyoneEdits = anyoneEdits
        }
    }

    /// IRC day files to import.
    public struct IRCImport: Hashable, Sendable, Codable {
        /// Where they go.
        public var room: RoomID
        /// Absolute paths, each named as its day: `2005-06-16.txt`.
        public var paths: [String]
        /// The channel that they are of; a second import of it is known by this name.
        public var channel: String
        /// The time zone of the times in them, as "Europe/Stockholm"; nil: UTC.
        public var timeZone: String?

        /// Creates an import.
        public init(room: RoomID, paths: [String], channel: String, timeZone: String? = nil) {
            self.room = room
            self.paths = paths
            self.channel = channel
            self.timeZone = timeZone
        }
    }
}
