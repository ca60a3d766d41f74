/// A set of whole numbers kept as closed intervals in rising order, none touching the next.
///
/// Join is union; it is commutative, associative and idempotent. Equal sets are equal values.
package struct IntervalSet: Mergeable {
    /// The intervals, rising; between two of them at least one number is missing.
    package private(set) var intervals: [ClosedRange<UInt64>] = []

    package init() {}

    /// Creates the union of the given intervals, in any order.
    package init(_ intervals: some Sequence<ClosedRange<UInt64>>) {
        for interval in intervals { insert(interval) }
    }

    /// Takes intervals that are in canonical form already; nil when two touch or are out of order.
    package init?(canonical intervals: [ClosedRange<UInt64>]) {
        for (left, right) in zip(intervals, intervals.dropFirst())
        where left.upperBound >= right.lowerBound || right.lowerBound - left.upperBound < 2 {
            return nil
        }
        self.intervals = intervals
    }

    package var isEmpty: Bool { intervals.isEmpty }

    /// How many numbers are in the set; the set of all, which has one more than fits, gives the
    /// highest number.
    ///
    /// Complexity: O(intervals).
    package var count: UInt64 {
        if intervals == [0...UInt64.max] { return .max }
        return intervals.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) + 1 }
    }

    /// The highest number, nil when empty.
    package var last: UInt64? { intervals.last?.upperBound }

    /// The last number of the interval that starts at 1; 0 when 1 is missing.
    package var contiguousFromOne: UInt64 {
        guard let first = intervals.first, first.lowerBound <= 1 else { return 0 }
        return first.upperBound
    }

    /// Complexity: O(log intervals).
    package func contains(_ number: UInt64) -> Bool {
        let index = firstIndex(endingAtOrAfter: number)
        return index < intervals.count && intervals[index].lowerBound <= number
    }

    /// Adds all numbers of an interval.
    package mutating func insert(_ interval: ClosedRange<UInt64>) {
        let lower = interval.lowerBound == 0 ? 0 : interval.lowerBound - 1
        let start = firstIndex(endingAtOrAfter: lower)
        var end = start
        var merged = interval
        while end < intervals.count, touches(intervals[end], merged) {
            merged =
                min(
                    merged.lowerBound, intervals[end].lowerBound)...max(
                    merged.upperBound, intervals[end].upperBound)
            end += 1
        }
        intervals.replaceSubrange(start..<end, with: CollectionOfOne(merged))
    }

    package mutating func insert(_ number: UInt64) {
        insert(number...number)
    }

    /// Adds all numbers of the other set.
    ///
    /// Complexity: O(intervals of both).
    package mutating func formUnion(_ other: IntervalSet) {
        if other.intervals.count < 4 {
            for interval in other.intervals { insert(interval) }
            return
        }
        var result = IntervalSet()
        var mine = intervals[...]
        var theirs = other.intervals[...]
        while let left = mine.first, let right = theirs.first {
            result.insert(left.lowerBound <= right.lowerBound ? left : right)
            if left.lowerBound <= right.lowerBound {
                mine.removeFirst()
            } else {
                theirs.removeFirst()
            }
        }
        for interval in mine { result.insert(interval) }
        for interval in theirs { result.insert(interval) }
        self = result
    }

    package mutating func merge(_ other: IntervalSet) {
        formUnion(other)
    }

    package func union(_ other: IntervalSet) -> IntervalSet {
        var result = self
        result.formUnion(other)
        return result
    }

    /// The numbers of this set that are not in the other.
    package func subtracting(_ other: IntervalSet) -> IntervalSet {
        var result = IntervalSet()
        for interval in intervals {
            result.insertGaps(of: other, in: interval)
        }
        return result
    }

    private mutating func insertGaps(of other: IntervalSet, in range: ClosedRange<UInt64>) {
        var start = range.lowerBound
        for index in other.firstIndex(endingAtOrAfter: start)..<other.intervals.count {
            let taken = other.intervals[index]
            guard taken.lowerBound <= range.upperBound else { break }
            if taken.lowerBound > start { insert(start...taken.lowerBound - 1) }
            guard taken.upperBound < range.upperBound else { return }
            start = taken.upperBound + 1
        }
        insert(start...range.upperBound)
    }

    private func touches(_ left: ClosedRange<UInt64>, _ right: ClosedRange<UInt64>) -> Bool {
        let (first, second) = left.lowerBound <= right.lowerBound ? (left, right) : (right, left)
        return first.upperBound == .max || second.lowerBound <= first.upperBound + 1
    }

    private func firstIndex(endingAtOrAfter number: UInt64) -> Int {
        var low = 0
        var high = intervals.count
        while low < high {
            let middle = (low + high) / 2
            if intervals[middle].upperBound < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
