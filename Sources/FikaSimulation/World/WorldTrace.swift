/// What happened in a world, line by line: a hash over all of it, and the last lines themselves.
package struct WorldTrace: Sendable {
    package var hash: UInt64 { hasher.hash }
    private var hasher = FNV1a()
    package private(set) var lineCount = 0
    private var lines: [String] = []
    private let keptCount: Int

    /// - Parameter keptCount: How many of the last lines are kept.
    package init(keeping keptCount: Int = 0) {
        self.keptCount = keptCount
    }

    package mutating func add(_ line: String) {
        hasher.add(line.utf8)
        hasher.add([0x0A])
        lineCount += 1
        guard keptCount > 0 else { return }
        lines.append(line)
        if lines.count >= 2 * keptCount { lines.removeFirst(lines.count - keptCount) }
    }

    package var lastLines: ArraySlice<String> { lines.suffix(keptCount) }
}
