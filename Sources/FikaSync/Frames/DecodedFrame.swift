/// A frame as it came.
package struct DecodedFrame: Hashable, Sendable {
    package var frame: Frame
    /// The body's bytes of a welcome or a hello, which later signatures are over; empty otherwise.
    package var signedBody: [UInt8]
    /// All bytes of the frame, its length's included: what counts against credit (rule D6).
    package var byteCount: Int

    package init(frame: Frame, signedBody: [UInt8] = [], byteCount: Int) {
        self.frame = frame
        self.signedBody = signedBody
        self.byteCount = byteCount
    }
}
