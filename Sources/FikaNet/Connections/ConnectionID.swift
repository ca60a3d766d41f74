/// Names a connection of a listener; never used again within a process.
package struct ConnectionID: Hashable, Comparable, Sendable, BitwiseCopyable {
    package let raw: UInt64

    package init(raw: UInt64) {
        self.raw = raw
    }

    package static func < (left: ConnectionID, right: ConnectionID) -> Bool {
        left.raw < right.raw
    }
}
