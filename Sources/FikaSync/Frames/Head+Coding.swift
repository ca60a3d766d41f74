import FikaCRDT
package import FikaLog
package import FikaWire

extension Head: FrameBody {
    package init(from reader: inout ByteReader) throws(WireError) {
        let log: LogID = try reader.readIdentifier()
        try self.init(of: log, from: &reader)
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(bytes: log.bytes)
        encodeAfterLog(to: &writer)
    }

    /// Decodes what follows the log.
    init(of log: LogID, from reader: inout ByteReader) throws(WireError) {
        self.init(
            log: log, epoch: Epoch(raw: try reader.readFixed64()),
            position: try reader.readVarint(maximum: Limits.positionMaximum),
            running: try reader.readDigest(), access: try reader.readDigest(),
            signature: try reader.readSignature())
    }

    func encodeAfterLog(to writer: inout ByteWriter) {
        writer.write(fixed64: epoch.raw)
        writer.write(varint: position)
        writer.write(bytes: running.bytes)
        writer.write(bytes: access.bytes)
        writer.write(bytes: signature.bytes)
    }
}
