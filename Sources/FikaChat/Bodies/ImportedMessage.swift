import FikaLog
package import FikaWire

/// The body of an imported line (rule M22).
package struct ImportedMessage: OpBody {
    package let type: ImportedType
    /// The name that it was written under; empty for events.
    package let author: String
    /// Tells apart equal lines of one moment: which of them it is; 0 where that was not needed.
    package let ordinal: UInt64
    package let text: String

    package init(type: ImportedType, author: String, ordinal: UInt64 = 0, text: String) {
        precondition(type != .event || author.isEmpty, "an event has no author")
        self.type = type
        self.author = author
        self.ordinal = ordinal
        self.text = text
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        let start = reader.offset
        let head = try reader.readVarint(limit: Limits.nameBytesMaximum * 8 + 7)
        guard let type = ImportedType(rawValue: UInt8(head >> 1 & 3)),
            type != .event || head >> 3 == 0
        else { throw .unknownValue(offset: start, value: UInt64(head)) }
        self.type = type
        author = try reader.readText(exactly: head >> 3)
        let place = reader.offset
        ordinal = head & 1 == 1 ? try reader.readVarint() : 0
        guard ordinal > 0 || head & 1 == 0 else { throw .unknownValue(offset: place, value: 0) }
        text = try reader.readRest(limit: Limits.textBytesMaximum)
    }

    package func encode(to writer: inout ByteWriter) {
        let count = UInt64(author.utf8.count)
        writer.write(
            varint: count << 3 | UInt64(type.rawValue) << 1 | (ordinal == 0 ? 0 : 1))
        writer.write(bytes: author.utf8)
        if ordinal > 0 { writer.write(varint: ordinal) }
        writer.write(bytes: text.utf8)
    }
}
