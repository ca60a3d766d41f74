/// A set of ops of one log: per replica the seqs, as intervals.
///
/// A version vector in the strict sense is the case of one interval from 1 per replica. Join is
/// union: commutative, associative and idempotent. A replica without seqs is never kept, so equal
/// sets are equal values.
///
/// Source: Parker, Popek et al., *Detection of Mutual Inconsistency in Distributed Systems*, 1983;
/// with gaps: Malkhi and Terry, *Concise Version Vectors in WinFS*, 2005.
package struct VersionVector: Mergeable {
    private var seqs: [ReplicaID: IntervalSet] = [:]

    package init() {}

    package init(_ dots: some Sequence<Dot>) {
        for dot in dots { insert(dot) }
    }

    /// Creates the set that holds for each replica the seqs from 1 to the given one.
    package init(contiguous lasts: [ReplicaID: UInt64]) {
        seqs = lasts.filter { $0.value > 0 }.mapValues { IntervalSet(CollectionOfOne(1...$0)) }
    }

    package var isEmpty: Bool { seqs.isEmpty }

    /// How many ops are in the set; stays at `UInt64.max` should there be more.
    package var count: UInt64 {
        seqs.values.reduce(0) { total, set in
            let sum = total.addingReportingOverflow(set.count)
            return sum.overflow ? .max : sum.partialValue
        }
    }

    /// The replicas of which at least one op is in the set, rising.
    package var replicas: [ReplicaID] { seqs.keys.sorted() }

    /// True when of each replica nothing is missing below its last seq.
    package var isContiguous: Bool {
        seqs.values.allSatisfy { $0.intervals.count == 1 && $0.contiguousFromOne > 0 }
    }

    /// The seqs of one replica.
    package subscript(replica: ReplicaID) -> IntervalSet {
        seqs[replica] ?? IntervalSet()
    }

    package func contains(_ dot: Dot) -> Bool {
        seqs[dot.replica]?.contains(dot.seq) ?? false
    }

    /// True when this set holds all that the other does.
    package func isSuperset(of other: Self) -> Bool {
        other.subtracting(self).isEmpty
    }

    package mutating func insert(_ dot: Dot) {
        seqs[dot.replica, default: IntervalSet()].insert(dot.seq)
    }

    package mutating func insert(_ interval: ClosedRange<UInt64>, of replica: ReplicaID) {
        seqs[replica, default: IntervalSet()].insert(interval)
    }

    package mutating func insert(_ more: IntervalSet, of replica: ReplicaID) {
        guard !more.isEmpty else { return }
        seqs[replica, default: IntervalSet()].formUnion(more)
    }

    package mutating func merge(_ other: Self) {
        seqs.merge(other.seqs) { $0.union($1) }
    }

    package func union(_ other: Self) -> Self {
        merged(with: other)
    }

    /// The ops of this set that the other lacks.
    package func subtracting(_ other: Self) -> Self {
        var result = Self()
        for (replica, mine) in seqs {
            result.insert(mine.subtracting(other[replica]), of: replica)
        }
        return result
    }
}
