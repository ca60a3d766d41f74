/// An ordered list in which no addition is lost and all holders agree on the order.
///
/// It is an ``AddWinsSet`` of elements with a ``LastWriterRegister`` of a ``Rank`` for each,
/// ordered by rank, then by element. Join is that of the parts, hence commutative, associative and
/// idempotent. Moving an element that was removed does not bring it back. Elements added to one
/// place by two people at once may interleave; that is fit for poll options and shortcuts, not for
/// the letters of a text.
///
/// Source: Kleppmann, *Moving Elements in List CRDTs*, 2020 (a register of the place for each
/// element); on interleaving Weidner and Kleppmann, *The Art of the Fugue*, 2023.
package struct RankedList<Element: Hashable & Comparable & Sendable>: Mergeable {
    private var additions = AddWinsSet<Element>()
    /// Kept for removed elements too: an addition that they did not know may still arrive.
    private var ranks: [Element: LastWriterRegister<Rank>] = [:]

    package init() {}

    package var count: Int { additions.count }

    package var isEmpty: Bool { additions.isEmpty }

    /// The elements in their order.
    ///
    /// Complexity: O(n log n).
    package var elements: [Element] { ordered.map(\.element) }

    package func contains(_ element: Element) -> Bool {
        additions.contains(element)
    }

    /// The rank of an element of the list.
    package func rank(of element: Element) -> Rank? {
        additions.contains(element) ? ranks[element]?.value : nil
    }

    /// The additions of an element that stand, rising: what a removal of it has to name.
    package func dots(of element: Element) -> [Dot] {
        additions.dots(of: element)
    }

    /// Returns the rank with which a new element comes to stand at an index, 0 to `count`.
    ///
    /// Between elements that were given one and the same rank at once there is no place; the new
    /// element then comes after the last of these.
    package func rank(at index: Int) -> Rank {
        let ranks = ordered.map(\.rank)
        precondition(index >= 0 && index <= ranks.count, "the index lies outside of the list")
        guard index > 0 else { return .between(nil, ranks.first) }
        let lower = ranks[index - 1]
        return .between(lower, ranks[index...].first { $0 > lower })
    }

    /// Takes the addition that an op made.
    package mutating func add(_ element: Element, at rank: Rank, by write: Write) {
        additions.add(element, by: write.dot)
        ranks[element, default: LastWriterRegister()].set(rank, by: write)
    }

    /// Takes a move; it counts for the element also if that is yet to arrive.
    package mutating func move(_ element: Element, to rank: Rank, by write: Write) {
        ranks[element, default: LastWriterRegister()].set(rank, by: write)
    }

    /// Takes away the additions with these dots, also those that are yet to arrive.
    package mutating func remove(_ dots: some Sequence<Dot>) {
        additions.remove(dots)
    }

    package mutating func merge(_ other: Self) {
        additions.merge(other.additions)
        ranks.merge(other.ranks) { $0.merged(with: $1) }
    }

    private var ordered: [(rank: Rank, element: Element)] {
        additions.elements.map { element in
            guard let rank = ranks[element]?.value else {
                preconditionFailure("an element is added with its rank")
            }
            return (rank, element)
        }
        .sorted(by: <)
    }
}
