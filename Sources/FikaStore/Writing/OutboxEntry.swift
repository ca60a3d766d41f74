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

    package internal(set) var first: OpKey
    package internal(set) var last: OpKey
    /// Milliseconds of this device's clock.
    package let writtenAt: UInt64
    package let isImport: Bool
    package internal(set) var state: State
    package internal(set) var reason: CloseReason?

    /// Whether it is to go up.
    var isQueued: Bool { state == .queued }

    /// The same of fewer ops.
    func part(_ keys: ClosedRange<Int64>) -> OutboxEntry {
        var part = self
        part.first = OpKey(raw: keys.lowerBound)
        part.last = OpKey(raw: keys.upperBound)
        return part
    }

    package var count: Int { Int(last.raw &- first.raw) &+ 1 }
}
