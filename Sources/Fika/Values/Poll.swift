/// A poll as it stands.
public struct Poll: Hashable, Sendable, Codable {
    /// What is asked.
    public var question: String
    /// Whether one person may vote for several options.
    public var allowsMultiple: Bool
    /// Whether every member may add options.
    public var anyoneAdds: Bool
    /// Whether every member may change question, options and settings.
    public var anyoneEdits: Bool
    /// In the order they are shown.
    public var options: [Option]

    /// One line of a poll.
    public struct Option: Hashable, Sendable, Codable {
        /// What it says.
        public var text: String
        /// Rising, none twice.
        public var voters: [String]
        /// Names it within its poll.
        package var reference: OptionReference
    }

    /// The number of people who voted.
    public var voterCount: Int { Set(options.flatMap(\.voters)).count }
}
