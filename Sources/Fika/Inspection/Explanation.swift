/// Which ops made something what it is, and what they beat.
public struct Explanation: Hashable, Sendable, Codable {
    /// What is explained, in a few words.
    public var subject: String
    /// What it came to, in a sentence.
    public var result: String
    /// The ops that had to do with it, by time.
    public var steps: [Step]

    /// One op and what came of it.
    public struct Step: Hashable, Sendable, Codable {
        /// The op.
        public var op: OpEntry
        /// What came of it.
        public var verdict: Verdict
        /// The rule of the Specs that says so.
        public var rule: String
        /// The reason, in a few words.
        public var reason: String
    }

    /// What came of an op.
    public enum Verdict: String, Hashable, Sendable, Codable {
        /// It made what is explained.
        case made
        /// It counts, and decides what is shown.
        case won
        /// It counts, and another decides.
        case lost
        /// It does not count.
        case ignored
    }
}
