/// What one person has read of a log, on all devices together: per replica the seqs.
///
/// Join is union: commutative, associative and idempotent, so nothing that was read becomes unread,
/// and an op that arrives late is unread wherever it sorts. An op in the log carries only what was
/// added: a delta.
///
/// Source: Almeida, Shoker, Baquero, *Delta State Replicated Data Types*, 2018.
package struct ReadMarks: Mergeable {
    /// All ops that have been read.
    package private(set) var read = VersionVector()

    package init() {}

    package func contains(_ dot: Dot) -> Bool {
        read.contains(dot)
    }

    /// Marks ops as read and returns those that were not before: what an op has to carry.
    @discardableResult
    package mutating func add(_ seen: VersionVector) -> VersionVector {
        let added = seen.subtracting(read)
        read.merge(added)
        return added
    }

    /// The ops of these that have not been read.
    package func unread(of have: VersionVector) -> VersionVector {
        have.subtracting(read)
    }

    package mutating func merge(_ other: Self) {
        read.merge(other.read)
    }
}
