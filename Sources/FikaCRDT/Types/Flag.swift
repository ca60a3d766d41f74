/// A switch that holds what was last asked for: on or off, never "the other one".
///
/// State and join are those of ``LastWriterRegister`` over Bool. Because a write states the wish
/// and not a change, the same tap on two devices counts once, and "off, then on again" from one
/// device is not undone by an "on" from another.
///
/// Source: Shapiro et al., 2011 (last-writer-wins register; enable and disable flags).
package struct Flag: Mergeable {
    private var register = LastWriterRegister<Bool>()

    /// Creates a flag that is off and that nobody has touched.
    package init() {}

    /// Off until somebody says on.
    package var isOn: Bool { register.value ?? false }

    /// The write that stands, nil when nobody has touched the flag.
    package var write: Write? { register.write }

    /// Takes a wish if it is later than the one that stands.
    package mutating func set(_ isOn: Bool, by write: Write) {
        register.set(isOn, by: write)
    }

    package mutating func merge(_ other: Self) {
        register.merge(other.register)
    }
}
