package import FikaCRDT

/// What a holder has of one replica in one log: rising intervals, none touching the next.
package struct ReplicaHave: Hashable, Sendable {
    package private(set) var intervals: [HaveInterval]

    package init(intervals: [HaveInterval] = []) {
        self.intervals = intervals
    }

    /// The seqs held.
    package var seqs: IntervalSet {
        IntervalSet(intervals.map { $0.first...$0.last })
    }

    /// The number of ops held.
    package var count: UInt64 { intervals.reduce(0) { $0 + $1.last - $1.first + 1 } }

    /// Adds a range of which no op is held, joining it with its neighbours.
    ///
    /// - Parameters:
    ///   - interval: The range to add.
    ///   - replica: Whose it is, for the error.
    /// - Throws: `LogError.fork` when the chain values do not join.
    package mutating func insert(
        _ interval: HaveInterval, of replica: ReplicaID
    ) throws(LogError) {
        var merged = interval
        let index = firstIndex(endingFrom: interval.first - 1)
        if index < intervals.count, intervals[index].last + 1 == interval.first {
            guard intervals[index].end == merged.before else {
                throw .fork(replica, seq: interval.first)
            }
            merged.first = intervals[index].first
            merged.before = intervals[index].before
            intervals.remove(at: index)
        }
        if index < intervals.count, intervals[index].first == merged.last + 1 {
            guard intervals[index].before == merged.end else {
                throw .fork(replica, seq: intervals[index].first)
            }
            merged.last = intervals[index].last
            merged.end = intervals[index].end
            merged.tail = intervals[index].tail
            intervals.remove(at: index)
        }
        precondition(
            index == intervals.count || intervals[index].first > merged.last,
            "only ops that are not held are inserted")
        intervals.insert(merged, at: index)
    }

    /// The intervals that a range of seqs touches, or in whose tails it may lie.
    func intervals(near seqs: ClosedRange<UInt64>) -> ArraySlice<HaveInterval> {
        let reach = UInt64(Limits.sealDistanceMaximum)
        let start = firstIndex(endingFrom: seqs.lowerBound - min(seqs.lowerBound, reach))
        return intervals[start...].prefix { $0.first <= seqs.upperBound + 1 }
    }

    private func firstIndex(endingFrom seq: UInt64) -> Int {
        var low = 0
        var high = intervals.count
        while low < high {
            let middle = (low + high) / 2
            if intervals[middle].last < seq { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Cuts each tail at the first of the seals that covers it; in any order.
    package mutating func shortenTails(sealed seqs: [UInt64]) {
        for index in intervals.indices where !intervals[index].tail.isEmpty {
            let interval = intervals[index]
            let covering = seqs.filter { interval.last...interval.sealedLast ~= $0 }.min()
            guard let covering else { continue }
            intervals[index].tail = Array(interval.tail.prefix(Int(covering - interval.last)))
        }
    }
}
