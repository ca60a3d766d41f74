/// What happened in a world, line by line: a hash over all of it, and the last lines themselves.
package struct WorldTrace: Sendable {
    package private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    package private(set) var lineCount = 0
    private var lines: [String] = []
    private let keptCount: Int

    /// - Parameter keptCount: How many of the last lines are kept.
    package init(keeping keptCount: Int = 0) {
        self.keptCount = keptCount
    }

    /// FNV-1a over the line's bytes: short, and the same on every machine.
    package mutating func add(_ line: String) {
        for byte in line.utf8 { mix(byte) }
        mix(0x0A)
        lineCount += 1
        guard keptCount > 0 else { return }
        lines.append(line)
        if lines.count >= 2 * keptCount { lines.removeFirst(lines.count - keptCount) }
    }

    private mutating func mix(_ byte: UInt8) {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }

    package var lastLines: ArraySlice<String> { lines.suffix(keptCount) }
}
