package import FikaChat

/// A range of own ops of one replica that is on its way.
package struct OutboxEntry: Hashable, Sendable {
    /// What became of it.
    package enum State: Int64, Sendable {
        case queued = 0
        /// A person must decide.
        case held = 1
        /// Permanently; the text is kept.
        case refused = 2
    }

    package let first: OpKey
    package let last: OpKey
    /// Milliseconds of this device's clock.
    package let writtenAt: UInt64
    package let isImport: Bool
    package let state: State
    package let reason: CloseReason?

    package var count: Int { Int(last.raw &- first.raw) &+ 1 }
}
