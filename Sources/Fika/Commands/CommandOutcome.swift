/// What a command came to.
public enum CommandOutcome: Hashable, Sendable, Codable {
    /// It is done, and there is no more to say.
    case done
    /// The room that was made or found.
    case room(RoomID)
    /// The row that was written.
    case message(MessageID)
    /// How many rows became read.
    case read(Int)
    /// What an import of files brought.
    case imported(ImportSummary)
    /// What an exchange of logs brought.
    case exchanged(ExchangeSummary)
    /// How the links of the process that holds the store stand.
    case links([LinkReport])

    /// What an import of files brought.
    public struct ImportSummary: Hashable, Sendable, Codable {
        /// The files read.
        public var files: Int
        /// The lines in them.
        public var lines: Int
        /// How many of these are messages, actions and notices.
        public var messages: Int
        /// How many of these are events.
        public var events: Int
        /// How many lines were not there before.
        public var new: Int
    }

    /// What an export wrote, or a file brought.
    public struct ExchangeSummary: Hashable, Sendable, Codable {
        /// The logs that took part.
        public var logs: Int
        /// The segments.
        public var segments: Int
        /// The ops in them.
        public var ops: Int
        /// How many of these were not there before; of an export, 0.
        public var newOps: Int
        /// The bytes of the file.
        public var byteCount: Int
        /// Logs that were left out, since this user may not read them.
        public var skipped: [RoomID]
    }
}
