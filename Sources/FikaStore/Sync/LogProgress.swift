/// How much of a log's order is here: while some is missing, counts say "at least".
package struct LogProgress: Hashable, Sendable {
    /// Ops that are held and have a position.
    package let held: UInt64
    /// The highest position that was told of.
    package let told: UInt64
    /// Whether the user may not read the log any more, so that no more will come.
    package let isEnded: Bool

    package init(held: UInt64, told: UInt64, isEnded: Bool) {
        self.held = held
        self.told = told
        self.isEnded = isEnded
    }

    package var isComplete: Bool { held >= told || isEnded }
}
