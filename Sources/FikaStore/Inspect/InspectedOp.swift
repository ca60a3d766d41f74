package import FikaLog

/// An op with what the store knows about it.
package struct InspectedOp: Hashable, Sendable {
    package let op: Op
    /// Whose replica wrote it; nil for a relay.
    package let user: UserID?
    package let isUnsealed: Bool
    /// The stored segment that holds it; nil while it is unsealed.
    package let segment: Int64?
    /// The relay's position; nil while it is pending.
    package let position: UInt64?
}
