import FikaLog
import FikaWire

/// A derived log's preimage as the log table keeps it.
enum StoredPreimage {
    static func encode(_ preimage: LogPreimage) -> [UInt8] {
        var writer = ByteWriter()
        preimage.encode(to: &writer)
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws -> LogPreimage {
        do {
            var reader = ByteReader(bytes.span.bytes)
            let preimage = try LogPreimage(from: &reader)
            try reader.expectEnd()
            return preimage
        } catch {
            throw StoreError.damaged("a log's preimage: \(error)")
        }
    }
}
