/// The highest value that anybody has named.
///
/// Join is the maximum in a total order: commutative, associative and idempotent.
///
/// Source: the lattice `LMax` of Conway et al., *Logic and Lattices for Distributed Programming*,
/// 2012.
package struct Maximum<Value: Hashable & Comparable & Sendable>: Mergeable {
    /// Nil before anybody has named a value.
    package private(set) var value: Value?

    package init() {}

    package init(_ value: Value) {
        self.value = value
    }

    /// Names a value; returns whether the maximum rose.
    @discardableResult
    package mutating func raise(to other: Value) -> Bool {
        if let value, value >= other { return false }
        value = other
        return true
    }

    package mutating func merge(_ other: Self) {
        if let value = other.value { raise(to: value) }
    }
}
