package import FikaSync

/// The frames that came in one turn of an event loop.
package struct FrameGroup: Hashable, Sendable {
    package var frames: [DecodedFrame] = []
    /// The bytes that they took on the wire.
    package var byteCount = 0

    package init() {}

    mutating func add(_ frame: DecodedFrame) {
        frames.append(frame)
        byteCount += frame.byteCount
    }
}
