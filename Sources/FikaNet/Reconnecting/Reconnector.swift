/// When to connect again (rule L3): a value that is told what happened, and the time.
///
/// All times are milliseconds of a monotonic clock. What is returned is how long to wait before
/// the next attempt; it replaces what was returned before.
package struct Reconnector: Hashable, Sendable {
    /// The longest wait of the first retry.
    package static let firstWaitMilliseconds: UInt64 = 500
    package static let waitMillisecondsMaximum: UInt64 = 30_000
    /// A local op after so long a silence is worth an attempt at once.
    package static let silenceMilliseconds: UInt64 = 5_000
    /// A connection that ends sooner counts as a failed attempt.
    package static let steadyMilliseconds: UInt64 = 5_000

    /// What is a reason not to wait any longer.
    package enum Trigger: Hashable, Sendable {
        case localOp
        case networkChanged
        /// The app, or a person, wants it now.
        case wish
    }

    private enum State: Hashable, Sendable {
        case connecting
        case connected(since: UInt64)
        case waiting
        /// Waiting is of no use; only a wish helps.
        case refused
    }

    private var state = State.connecting
    /// Attempts in a row that came to nothing.
    private var failures = 0
    private var lastLocalOp: UInt64?

    /// Creates one whose first attempt is under way.
    package init() {}

    /// Takes note that an attempt begins.
    package mutating func started() {
        state = .connecting
    }

    /// Takes note that the handshake is done; it may be said again.
    package mutating func connected(at now: UInt64) {
        if case .connected = state { return }
        state = .connected(since: now)
    }

    /// An attempt failed, or a connection was lost.
    ///
    /// `retryAfter` is what the relay asked for when it said goodbye; nobody comes back sooner.
    package mutating func lost(
        at now: UInt64, retryAfter: UInt64 = 0, using generator: inout some RandomNumberGenerator
    ) -> UInt64 {
        if case .connected(let since) = state, now >= since + Self.steadyMilliseconds {
            failures = 0
        }
        state = .waiting
        let doublings = min(failures, 16)
        failures += 1
        let longest = min(Self.waitMillisecondsMaximum, Self.firstWaitMilliseconds << doublings)
        return retryAfter + UInt64.random(in: 0...longest, using: &generator)
    }

    /// The other end will not have us; another attempt would end the same way.
    package mutating func refused() {
        state = .refused
        failures = 0
    }

    /// Something happened that may end the wait; nil when it does not.
    package mutating func trigger(_ trigger: Trigger, at now: UInt64) -> UInt64? {
        let isAwaited = takesNotice(of: trigger, at: now)
        switch state {
        case .connecting, .connected: return nil
        case .waiting:
            guard isAwaited else { return nil }
        case .refused:
            guard trigger == .wish else { return nil }
        }
        failures = 0
        state = .waiting
        return 0
    }

    private mutating func takesNotice(of trigger: Trigger, at now: UInt64) -> Bool {
        switch trigger {
        case .networkChanged, .wish: return true
        case .localOp:
            defer { lastLocalOp = now }
            guard let lastLocalOp else { return true }
            return now >= lastLocalOp + Self.silenceMilliseconds
        }
    }
}
