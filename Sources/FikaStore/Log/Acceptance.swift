/// The relay's word that a range of one replica's ops is final: consecutive positions for them.
package struct Acceptance: Hashable, Sendable {
    package let first: OpKey
    package let count: UInt64
    /// The position of the first; they rise by one.
    package let position: UInt64
    /// Milliseconds of the relay's clock.
    package let acceptedAt: UInt64

    package init(first: OpKey, count: UInt64, position: UInt64, acceptedAt: UInt64) {
        self.first = first
        self.count = count
        self.position = position
        self.acceptedAt = acceptedAt
    }
}
