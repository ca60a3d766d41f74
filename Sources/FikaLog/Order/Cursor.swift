/// How far a holder is in one log's order: nothing is missing up to this position.
package struct Cursor: Hashable, Sendable {
    package var position: UInt64
    /// The hash over the hashes of all ops accepted up to there; see ``RunningHash``.
    package var running: Digest

    package init(position: UInt64, running: Digest) {
        self.position = position
        self.running = running
    }
}
