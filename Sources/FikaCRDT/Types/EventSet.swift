/// A grow-only set of events that never change.
///
/// Join is union: commutative, associative and idempotent. An event carries its own id; the log
/// sees to it that no id stands for two contents.
///
/// Source: Shapiro et al., 2011, specification 11 (G-Set).
package struct EventSet<Event: Hashable & Comparable & Sendable>: Mergeable {
    private var events: Set<Event> = []

    package init() {}

    package init(_ events: some Sequence<Event>) {
        self.events = Set(events)
    }

    package var count: Int { events.count }

    package var isEmpty: Bool { events.isEmpty }

    /// All events in rising order.
    ///
    /// Complexity: O(n log n).
    package var sorted: [Event] { events.sorted() }

    package func contains(_ event: Event) -> Bool {
        events.contains(event)
    }

    /// Adds an event; returns whether it was new.
    @discardableResult
    package mutating func insert(_ event: Event) -> Bool {
        events.insert(event).inserted
    }

    package mutating func merge(_ other: Self) {
        events.formUnion(other.events)
    }
}
