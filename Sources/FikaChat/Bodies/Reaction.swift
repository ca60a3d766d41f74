import FikaLog
package import FikaWire

/// The body of a reaction: an intent, never a toggle (rule M8).
package struct Reaction: OpBody {
    package let isOn: Bool
    /// One to 64 bytes, compared by its bytes.
    package let emoji: String

    package init(_ emoji: String, isOn: Bool) {
        self.emoji = emoji
        self.isOn = isOn
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        isOn = try reader.readBool()
        guard !reader.isAtEnd else { throw .truncated(offset: reader.offset) }
        emoji = try reader.readRest(limit: Limits.emojiBytesMaximum)
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(bool: isOn)
        writer.write(bytes: emoji.utf8)
    }
}

extension Reaction {
    package static func == (left: Reaction, right: Reaction) -> Bool {
        left.isOn == right.isOn && left.emoji.utf8.elementsEqual(right.emoji.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(isOn)
        for byte in emoji.utf8 { hasher.combine(byte) }
    }
}
