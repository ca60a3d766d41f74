/// Tells which options' texts are shown as one line (rule M17).
package enum PollFolding {
    /// Returns what equal texts have in common: white space at both ends cut off, each scalar
    /// lower-cased.
    package static func fold(_ text: String) -> [Unicode.Scalar] {
        let scalars = text.unicodeScalars
        let start = scalars.drop { $0.properties.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.properties.isWhitespace }) else { return [] }
        return start[...last].flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) }
    }
}
