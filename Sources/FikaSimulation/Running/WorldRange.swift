/// Worlds of one sort, whose seeds follow on each other.
package struct WorldRange: Hashable, Sendable {
    /// The first world's seed.
    package let start: UInt64
    package let count: Int
    /// Whether their stores are SQLite, on disks that can fail; else in memory.
    package let isOnDisks: Bool
    /// Whether they are long.
    package let isLong: Bool

    package init(start: UInt64, count: Int, isOnDisks: Bool, isLong: Bool = false) {
        self.start = start
        self.count = count
        self.isOnDisks = isOnDisks
        self.isLong = isLong
    }

    func seed(of index: Int) -> UInt64 { start &+ UInt64(index) }

    /// The world at an index, as its seed decides it.
    func plan(of index: Int) -> WorldPlan {
        .drawn(seed: seed(of: index), isOnDisks: isOnDisks, isLong: isLong)
    }
}
