package import FikaCRDT

/// Gives unsealed ops new times once the device knows how wrong its clock is (rule C3).
package enum Restamping {
    /// Returns the corrected times.
    ///
    /// Each is the time of writing plus the correction, but never below what the log held when the
    /// op was written, never below the op before it, and, as far as these allow, never later than
    /// corrected now. With a right clock they are the times that the ops have already. Imported
    /// ops carry the time of their originals and are not for this.
    ///
    /// - Parameters:
    ///   - ops: The unsealed ops of one replica in one log, in the order of their seqs.
    ///   - correction: Milliseconds to add to the device's clock.
    ///   - now: Corrected now, in milliseconds.
    /// - Returns: As many strictly rising times.
    package static func times(
        of ops: [UnsealedTime], correction: Int64, now: UInt64
    ) -> [HybridTime] {
        let latest = HybridTime(
            milliseconds: min(now, HybridTime.millisecondsMaximum), counter: .max)
        var last: HybridTime?
        var times: [HybridTime] = []
        times.reserveCapacity(ops.count)
        for (index, op) in ops.enumerated() {
            // Leaves a tick for each op that follows, so that many written at once fit before now.
            let ticks = UInt64(ops.count - 1 - index)
            let cap = HybridTime(raw: latest.raw - min(ticks, latest.raw))
            var time = min(corrected(op.writtenMilliseconds, by: correction), cap)
            if !PlantedBug.ignoresOthersTimes.isPlanted { time = max(time, op.held.next) }
            if let last { time = max(time, last.next) }
            times.append(time)
            last = time
        }
        return times
    }

    private static func corrected(_ milliseconds: UInt64, by correction: Int64) -> HybridTime {
        let sum =
            correction < 0
            ? milliseconds - min(milliseconds, correction.magnitude)
            : milliseconds + min(correction.magnitude, .max - milliseconds)
        return HybridTime(milliseconds: min(sum, HybridTime.millisecondsMaximum))
    }
}
