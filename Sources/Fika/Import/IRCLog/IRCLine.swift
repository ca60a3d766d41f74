package import FikaChat

/// One line of an IRC log: when in its day, what it was, who, and what was said.
package struct IRCLine: Hashable, Sendable {
    /// Minutes since the beginning of the day.
    package let minute: Int
    package let type: ImportedType
    /// Empty for events.
    package let nick: String
    package let text: String

    package init(minute: Int, type: ImportedType, nick: String, text: String) {
        self.minute = minute
        self.type = type
        self.nick = nick
        self.text = text
    }
}

extension IRCLine {
    /// Equal are lines of equal bytes, as the keys of their ops are made of bytes.
    package static func == (left: IRCLine, right: IRCLine) -> Bool {
        left.minute == right.minute && left.type == right.type
            && left.nick.utf8.elementsEqual(right.nick.utf8)
            && left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(minute)
        hasher.combine(type)
        for byte in nick.utf8 { hasher.combine(byte) }
        for byte in text.utf8 { hasher.combine(byte) }
    }
}
