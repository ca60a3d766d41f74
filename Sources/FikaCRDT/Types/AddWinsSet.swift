/// A set in which an addition beats the removals that did not know of it.
///
/// Each addition is an op and has its dot. A removal names the dots that it saw and takes away
/// exactly these. State: the additions that stand, and all dots ever removed (intervals, so whole
/// runs cost little). Join: both unions, then what was removed does not stand. In each dot that is
/// unknown < standing < removed, a maximum; so join is commutative, associative and idempotent, and
/// a removal may even arrive before the addition that it names.
///
/// Source: Shapiro et al., 2011, specification 15 (OR-Set); dots instead of tombstones with values:
/// Bieniusa, Zawirski et al., *An Optimized Conflict-free Replicated Set*, 2012.
package struct AddWinsSet<Element: Hashable & Comparable & Sendable>: Mergeable {
    private var dotsByElement: [Element: Set<Dot>] = [:]
    private var elementsByDot: [Dot: Element] = [:]
    private var removed = VersionVector()

    package init() {}

    package var isEmpty: Bool { dotsByElement.isEmpty }

    package var count: Int { dotsByElement.count }

    /// The elements in rising order.
    ///
    /// Complexity: O(n log n).
    package var elements: [Element] { dotsByElement.keys.sorted() }

    package func contains(_ element: Element) -> Bool {
        dotsByElement[element] != nil
    }

    /// The additions of an element that stand, rising: what a removal of it has to name.
    package func dots(of element: Element) -> [Dot] {
        dotsByElement[element]?.sorted() ?? []
    }

    /// Takes the addition that the op with this dot made; an op adds one element at most.
    package mutating func add(_ element: Element, by dot: Dot) {
        guard !removed.contains(dot), elementsByDot[dot] == nil else { return }
        elementsByDot[dot] = element
        dotsByElement[element, default: []].insert(dot)
    }

    /// Takes away the additions with these dots, also those that are yet to arrive.
    package mutating func remove(_ dots: some Sequence<Dot>) {
        for dot in dots {
            removed.insert(dot)
            drop(dot)
        }
    }

    package mutating func merge(_ other: Self) {
        removed.merge(other.removed)
        for dot in elementsByDot.keys where other.removed.contains(dot) { drop(dot) }
        for (dot, element) in other.elementsByDot { add(element, by: dot) }
    }

    private mutating func drop(_ dot: Dot) {
        guard let element = elementsByDot.removeValue(forKey: dot) else { return }
        dotsByElement[element]?.remove(dot)
        if dotsByElement[element]?.isEmpty == true { dotsByElement[element] = nil }
    }
}
