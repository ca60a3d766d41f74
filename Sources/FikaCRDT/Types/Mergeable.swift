/// A replicated value: two copies of it join into one that says all that either says.
///
/// Join is commutative, associative and idempotent (a join semilattice), so copies that have heard
/// the same things are equal, in whatever order and however often they heard them. Every operation
/// on a conforming value only moves it upwards in that lattice; hence operations may be applied in
/// any order, too.
///
/// Source: Shapiro, Preguiça, Baquero, Zawirski, *A Comprehensive Study of Convergent and
/// Commutative Replicated Data Types*, INRIA RR-7506, 2011.
package protocol Mergeable: Hashable, Sendable {
    /// Joins another copy into this one.
    mutating func merge(_ other: Self)
}

extension Mergeable {
    /// Returns the join of the two copies.
    package func merged(with other: Self) -> Self {
        var result = self
        result.merge(other)
        return result
    }
}
