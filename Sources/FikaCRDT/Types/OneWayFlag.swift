/// A flag that can be raised and never lowered.
///
/// Join is "or": commutative, associative and idempotent.
///
/// Source: Shapiro et al., 2011; the lattice of Bool in Conway et al., *Logic and Lattices for
/// Distributed Programming*, 2012.
package struct OneWayFlag: Mergeable {
    package private(set) var isRaised = false

    package init() {}

    package mutating func raise() {
        isRaised = true
    }

    package mutating func merge(_ other: Self) {
        isRaised = isRaised || other.isRaised
    }
}
