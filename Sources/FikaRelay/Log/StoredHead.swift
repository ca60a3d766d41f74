import FikaCRDT
import FikaLog
import FikaStore
import FikaWire

/// A head as the database keeps it, without its log.
enum StoredHead {
    static func encode(_ head: Head) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(fixed64: head.epoch.raw)
        writer.write(fixed64: head.position)
        writer.write(bytes: head.running.bytes)
        writer.write(bytes: head.access.bytes)
        writer.write(bytes: head.signature.bytes)
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8], of log: LogID) throws -> Head {
        var reader = ByteReader(bytes.span.bytes)
        guard bytes.count == 144, let epoch = try? reader.readFixed64(),
            let position = try? reader.readFixed64(), let running = Digest(bytes: bytes[16..<48]),
            let access = Digest(bytes: bytes[48..<80]),
            let signature = Signature(bytes: bytes[80...])
        else { throw StoreError.damaged("the head that was taken over of log \(log)") }
        return Head(
            log: log, epoch: Epoch(raw: epoch), position: position, running: running,
            access: access, signature: signature)
    }
}
