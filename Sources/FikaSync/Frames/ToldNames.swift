import FikaCRDT

/// Which of a relay's numbers one connection was told: a few bytes for each log.
package struct ToldNames: Sendable {
    private var replicas: [UInt64: IntervalSet] = [:]

    package init() {}

    /// Takes note that numbers are told; returns those of the replicas that were not yet, rising,
    /// and nil when nothing is new and no `names` need be sent.
    package mutating func tell(log: UInt64, replicas numbers: [UInt64]) -> [UInt64]? {
        let told = replicas[log]
        var known = told ?? IntervalSet()
        var new: [UInt64] = []
        for number in numbers.sorted() where !known.contains(number) {
            known.insert(number)
            new.append(number)
        }
        guard told == nil || !new.isEmpty else { return nil }
        replicas[log] = known
        return new
    }
}
