package import FikaLog

/// An op that a holder has, and the position that the relay gave it, where the holder knows one.
package struct HeldOp: Hashable, Sendable {
    package var op: Op
    /// Nil while the op is pending.
    package var position: UInt64?

    package init(op: Op, position: UInt64?) {
        self.op = op
        self.position = position
    }
}
