/// One value, of which the latest write stands.
///
/// State: nothing, or a value with the write that gave it. Join keeps the later write: a maximum
/// in a total order, hence commutative, associative and idempotent, provided that one write always
/// gives the same value. A value that lost is forgotten here; the op that wrote it is in the log.
///
/// Source: Johnson and Thomas, *The Maintenance of Duplicate Databases*, RFC 677, 1975; as a
/// replicated type Shapiro et al., 2011, specification 8.
package struct LastWriterRegister<Value: Hashable & Sendable>: Mergeable {
    /// The value that stands; nil before any write.
    package private(set) var value: Value?
    /// The write that gave the value.
    package private(set) var write: Write?

    /// Creates a register that nobody has written to.
    package init() {}

    package init(_ value: Value, by write: Write) {
        self.value = value
        self.write = write
    }

    /// Takes a write if it is later than the one that stands.
    ///
    /// - Parameters:
    ///   - value: The new value, whole: never a change to the old one.
    ///   - write: Who gave it, and when.
    /// - Returns: Whether the value stands now.
    @discardableResult
    package mutating func set(_ value: Value, by write: Write) -> Bool {
        if let standing = self.write, standing >= write { return standing == write }
        self.value = value
        self.write = write
        return true
    }

    package mutating func merge(_ other: Self) {
        guard let value = other.value, let write = other.write else { return }
        set(value, by: write)
    }
}
