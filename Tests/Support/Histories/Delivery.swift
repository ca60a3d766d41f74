package import FikaSimulation
package import FikaCRDT

/// What one holder hears at once: ops, and positions of ops that it heard of before.
package struct Delivery: Hashable, Sendable {
    /// In an order that leaves no gap within a replica; logs may be mixed.
    package var ops: [HeldOp]
    package var acceptances: [Acceptance]

    /// The position that the relay gave to an op.
    package struct Acceptance: Hashable, Sendable {
        package let id: OpID
        package let position: UInt64
    }
}
