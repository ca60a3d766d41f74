public import Foundation

/// One op of a log, as it is stored.
public struct OpEntry: Hashable, Sendable, Codable {
    /// Names it for life.
    public var id: MessageID
    /// The kind's name; "kind 99" for one that this version does not know.
    public var kind: String
    /// Whose replica wrote it; nil for a relay's.
    public var user: String?
    /// The time of its stamp.
    public var time: Date
    /// Tells apart what was written within one millisecond.
    public var counter: Int
    /// The op that it acts on.
    public var target: MessageID?
    /// What it was first, when it was written again by a new replica.
    public var origin: MessageID?
    /// How far it has come.
    public var state: State
    /// What it says, in a few words.
    public var summary: String
    /// The bytes of its body; of an erased op, what stays.
    public var body: [UInt8]
    /// Whether its body was destroyed.
    public var isErased: Bool
    /// The hash of the op, 64 hexadecimal digits.
    public var hash: String

    /// How far an op has come.
    public enum State: Hashable, Sendable, Codable {
        /// Written here; it may still be folded away.
        case unsealed
        /// Covered by its writer's signature, not yet accepted.
        case pending
        /// The relay gave it this position.
        case accepted(position: UInt64)
    }
}
