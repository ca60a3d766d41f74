/// Worlds of one sort, whose seeds follow on each other.
package struct WorldRange: Hashable, Sendable {
    /// The first world's seed.
    package let start: UInt64
    package let count: Int
    /// Whether their stores are SQLite, on disks that can fail; else in memory.
    package let isOnDisks: Bool

    package init(start: UInt64, count: Int, isOnDisks: Bool) {
        self.start = start
        self.count = count
        self.isOnDisks = isOnDisks
    }

    func seed(of index: Int) -> UInt64 { start &+ UInt64(index) }
}
