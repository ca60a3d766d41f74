/// The identity of a relay's order: new when the order starts again.
package struct Epoch: Hashable, Sendable, BitwiseCopyable {
    package let raw: UInt64

    package init(raw: UInt64) {
        self.raw = raw
    }
}
