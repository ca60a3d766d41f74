/// A reading of the hybrid logical clock: 48 bits of milliseconds, 16 bits of counter.
///
/// Source: Kulkarni, Demirbas et al., *Logical Physical Clocks*, 2014.
package struct HybridTime: Hashable, Sendable, BitwiseCopyable {
    /// Milliseconds since 1970-01-01 UTC in the upper 48 bits, the counter in the lower 16.
    package let raw: UInt64

    /// The highest millisecond that a well-formed stamp may carry: 2^47 - 1 (rule C2).
    ///
    /// So a raw time is no negative number where numbers are signed.
    package static let millisecondsMaximum: UInt64 = 1 << 47 - 1

    package static let zero = HybridTime(raw: 0)

    /// The highest well-formed time.
    package static let maximum = HybridTime(milliseconds: millisecondsMaximum, counter: .max)

    package init(raw: UInt64) {
        self.raw = raw
    }

    /// Creates a time from milliseconds since 1970-01-01 UTC, below 2^48, and a counter.
    package init(milliseconds: UInt64, counter: UInt16 = 0) {
        precondition(milliseconds < 1 << 48, "a hybrid time has 48 bits of milliseconds")
        self.init(raw: milliseconds << 16 | UInt64(counter))
    }

    /// Milliseconds since 1970-01-01 UTC.
    package var milliseconds: UInt64 { raw >> 16 }

    /// Tells apart what was written within one millisecond.
    package var counter: UInt16 { UInt16(truncatingIfNeeded: raw) }

    /// One tick later; a full counter runs over into the milliseconds, and ``maximum`` is the end.
    package var next: HybridTime { self < .maximum ? HybridTime(raw: raw + 1) : .maximum }

    /// False for stamps from 2^47 ms on, which no clock can have meant.
    package var isWellFormed: Bool { milliseconds <= Self.millisecondsMaximum }
}

extension HybridTime: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.raw < right.raw }
}

extension HybridTime: CustomStringConvertible {
    package var description: String { "\(milliseconds).\(counter)" }
}
