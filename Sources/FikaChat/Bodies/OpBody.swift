package import FikaWire

/// A body of one kind, in the one form that is hashed.
///
/// Decoding accepts nothing but what encoding gives, so that equal meaning has equal bytes.
package protocol OpBody: Hashable, Sendable {
    init(from reader: inout ByteReader) throws(WireError)
    func encode(to writer: inout ByteWriter)
}

extension OpBody {
    /// Decodes a whole body: nothing may be left over.
    package init(body: [UInt8]) throws(WireError) {
        var reader = unsafe ByteReader(body.span.bytes)
        try self.init(from: &reader)
        try reader.expectEnd()
    }

    /// The canonical bytes.
    package var body: [UInt8] {
        var writer = ByteWriter()
        encode(to: &writer)
        return writer.bytes
    }
}
