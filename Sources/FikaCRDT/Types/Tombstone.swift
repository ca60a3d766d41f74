/// A replicated value that can be deleted for good.
///
/// State: the value, or deleted, which is above every value. Join joins two values and else is
/// deleted: commutative, associative and idempotent, because that of the value is. The value is
/// dropped at once; a change that comes later, or that was made without knowing, does nothing. The
/// deletion may come before the value.
///
/// Source: the removed set of the 2P-Set, Shapiro et al., 2011, specification 12, kept here for
/// one element.
package struct Tombstone<Value: Mergeable>: Mergeable {
    /// Nil once deleted.
    package private(set) var value: Value?

    package init(_ value: Value) {
        self.value = value
    }

    package var isDeleted: Bool { value == nil }

    package mutating func delete() {
        value = nil
    }

    /// Changes the value, unless it is deleted; the change may only move it upwards.
    package mutating func update(_ change: (inout Value) -> Void) {
        guard var changed = value else { return }
        change(&changed)
        value = changed
    }

    package mutating func merge(_ other: Self) {
        guard let theirs = other.value else { return delete() }
        value?.merge(theirs)
    }
}
