/// Which ops of a log are asked for; what is nil asks for all.
public struct OpFilter: Hashable, Sendable {
    /// By the kind's name.
    public var kind: String?
    /// By whose device wrote them.
    public var user: String?
    /// By the first digits of their replica.
    public var replica: String?
    /// By the op that they act on.
    public var target: MessageID?
    /// Only what is not yet sealed.
    public var onlyUnsealed: Bool
    /// At most so many.
    public var limit: Int

    /// Creates a filter that lets the first `limit` ops pass.
    public init(
        kind: String? = nil, user: String? = nil, replica: String? = nil,
        target: MessageID? = nil, onlyUnsealed: Bool = false, limit: Int = .max
    ) {
        self.kind = kind
        self.user = user
        self.replica = replica
        self.target = target
        self.onlyUnsealed = onlyUnsealed
        self.limit = limit
    }
}
