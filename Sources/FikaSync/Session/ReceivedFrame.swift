/// A frame as it came, with what the bytes told.
package struct ReceivedFrame: Hashable, Sendable {
    package var frame: Frame
    /// Bytes on the wire, the length in front included: what credit counts.
    package var byteCount: UInt64
    /// The body of a welcome or a hello, which signatures are over; empty for all others.
    package var body: [UInt8]

    package init(_ frame: Frame, byteCount: UInt64, body: [UInt8] = []) {
        self.frame = frame
        self.byteCount = byteCount
        self.body = body
    }
}
