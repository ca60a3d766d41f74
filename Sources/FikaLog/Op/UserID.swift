/// Names a person: 1 to 64 bytes of UTF-8, compared by its bytes.
package struct UserID: Hashable, Sendable {
    package let text: String

    package static let byteCountMaximum = 64

    /// Creates the id; nil when the text is empty, too long or holds control characters.
    package init?(_ text: String) {
        guard (1...Self.byteCountMaximum).contains(text.utf8.count),
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { return nil }
        self.text = text
    }

    package static func == (left: UserID, right: UserID) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

extension UserID: Comparable {
    package static func < (left: UserID, right: UserID) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension UserID: CustomStringConvertible {
    package var description: String { text }
}
