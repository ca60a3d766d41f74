import FikaWire

/// How many bytes of credit a frame that is to be sent takes: all of it (rule D6).
enum CreditSize {
    static func of(_ body: some FrameBody) -> UInt64 {
        var writer = ByteWriter()
        body.encode(to: &writer)
        let length = 1 + writer.count + body.rest.count
        var prefix = ByteWriter()
        prefix.write(varint: UInt64(length))
        return UInt64(prefix.count + length)
    }
}
