/// What a check of a whole store looked at and found.
public struct Verification: Hashable, Sendable, Codable {
    /// The logs walked.
    public var logs: Int
    /// The replicas in them.
    public var replicas: Int
    /// The segments read.
    public var segments: Int
    /// The ops whose hashes were computed.
    public var ops: Int
    /// The signatures checked.
    public var seals: Int
    /// Ops that nothing vouches for yet.
    public var unsealed: Int
    /// Texts that are to be destroyed and are not yet.
    public var erasuresPending: Int
    /// Texts that were destroyed.
    public var erasuresDone: Int
    /// What is not as it must be, a sentence each.
    public var problems: [String]

    /// Whether all is as it must be.
    public var isGood: Bool { problems.isEmpty }
}
