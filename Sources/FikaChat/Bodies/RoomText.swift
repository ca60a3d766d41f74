package import FikaWire

/// The body of a name or about op: the whole new text.
package struct RoomText: Hashable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// Decodes a body; name and about differ in their limits.
    package init(body: [UInt8], limit: Int) throws(WireError) {
        var reader = unsafe ByteReader(body.span.bytes)
        text = try reader.readText(limit: limit)
        try reader.expectEnd()
    }

    package var body: [UInt8] {
        var writer = ByteWriter()
        writer.write(text: text)
        return writer.bytes
    }
}
