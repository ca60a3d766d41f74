/// Gives the stamps of one log (rules C1 and C3).
///
/// The clock is a value: it is told the time and never reads it.
package struct HybridClock: Hashable, Sendable {
    /// The highest time that counts in this log; the next one is above it.
    package private(set) var highest: HybridTime

    /// How far a pending foreign stamp may lie past now and still raise the clock: 5 minutes.
    package static let pendingLeadMaximumMilliseconds: UInt64 = 5 * 60 * 1000

    package init(highest: HybridTime = .zero) {
        self.highest = min(highest, .maximum)
    }

    /// Returns the time of the next own op and remembers it.
    ///
    /// - Parameter nowMilliseconds: Corrected now, since 1970-01-01 UTC; held to below 2^47.
    /// - Returns: A time above every one that this clock has given or observed.
    package mutating func next(nowMilliseconds: UInt64) -> HybridTime {
        let held = min(nowMilliseconds, HybridTime.millisecondsMaximum)
        highest = max(HybridTime(milliseconds: held), highest.next)
        return highest
    }

    /// Takes note of an accepted op's time, or of an own one's; held to ``HybridTime/maximum``.
    package mutating func observe(_ time: HybridTime) {
        guard !PlantedBug.ignoresOthersTimes.isPlanted else { return }
        highest = max(highest, min(time, .maximum))
    }

    /// Takes note of somebody else's pending op, unless it lies more than 5 minutes past now.
    package mutating func observePending(_ time: HybridTime, nowMilliseconds: UInt64) {
        let limit = nowMilliseconds.addingReportingOverflow(Self.pendingLeadMaximumMilliseconds)
        guard limit.overflow || time.milliseconds <= limit.partialValue else { return }
        observe(time)
    }
}
