/// What a search found.
public struct SearchResult: Hashable, Sendable, Codable {
    /// The newest first.
    public var hits: [Message]
    /// Whether rows wait to be taken into the index, so that there may be more.
    public var isIncomplete: Bool
}
