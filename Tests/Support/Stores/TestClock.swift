import Synchronization

/// A clock that tests move by hand.
package final class TestClock: Sendable {
    private let milliseconds: Mutex<UInt64>

    /// - Parameter milliseconds: Since 1970-01-01 UTC; at first 2026-01-05 09:00.
    package init(milliseconds: UInt64 = 1_767_603_600_000) {
        self.milliseconds = Mutex(milliseconds)
    }

    package var now: UInt64 { milliseconds.withLock { $0 } }

    package func advance(byMilliseconds step: UInt64) {
        milliseconds.withLock { $0 += step }
    }

    package func set(milliseconds value: UInt64) {
        milliseconds.withLock { $0 = value }
    }
}
