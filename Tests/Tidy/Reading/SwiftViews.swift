/// Splits Swift text into what is code and what is comment.
///
/// Both views keep every line and column; all else is blank. Literals are blank in both, except
/// for the code inside interpolations. A raw identifier becomes one plain name.
struct SwiftViews {
    private(set) var code: [UInt8]
    private(set) var comments: [UInt8]
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
        code = bytes.map { $0 == UInt8(ascii: "\n") ? $0 : UInt8(ascii: " ") }
        comments = code
        scanCode(insideInterpolation: false)
    }

    private func byte(at position: Int) -> UInt8 {
        position < bytes.count ? bytes[position] : 0
    }

    private func starts(with text: StaticString, at position: Int) -> Bool {
        let end = position + text.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        return bytes[position..<end].elementsEqual("\(text)".utf8)
    }

    private mutating func scanCode(insideInterpolation: Bool) {
        var depth = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "/") where byte(at: index + 1) == UInt8(ascii: "/"):
                scanLineComment()
            case UInt8(ascii: "/") where byte(at: index + 1) == UInt8(ascii: "*"):
                scanBlockComment()
            case UInt8(ascii: "`"):
                scanRawIdentifier()
            case UInt8(ascii: "\""):
                scanString(hashes: 0)
            case UInt8(ascii: "#") where hashesBeforeQuote() > 0:
                scanString(hashes: hashesBeforeQuote())
            case UInt8(ascii: "("):
                depth += 1
                keep()
            case UInt8(ascii: ")"):
                depth -= 1
                keep()
                if insideInterpolation, depth == 0 { return }
            default:
                keep()
            }
        }
    }

    private mutating func keep() {
        code[index] = bytes[index]
        index += 1
    }

    private mutating func scanLineComment() {
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { keepComment() }
    }

    private mutating func scanBlockComment() {
        var depth = 0
        repeat {
            if starts(with: "/*", at: index) {
                depth += 1
                keepComment()
            } else if starts(with: "*/", at: index) {
                depth -= 1
                keepComment()
            }
            keepComment()
        } while depth > 0 && index < bytes.count
    }

    private mutating func keepComment() {
        guard index < bytes.count else { return }
        comments[index] = bytes[index]
        index += 1
    }

    /// Writes a raw identifier as one name, its odd characters as underscores.
    private mutating func scanRawIdentifier() {
        index += 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "`"),
            bytes[index] != UInt8(ascii: "\n")
        {
            code[index] = bytes[index].isNamePart ? bytes[index] : UInt8(ascii: "_")
            index += 1
        }
        index += 1
    }

    /// How many `#` stand here if a quote follows them, else 0.
    private func hashesBeforeQuote() -> Int {
        var end = index
        while byte(at: end) == UInt8(ascii: "#") { end += 1 }
        return byte(at: end) == UInt8(ascii: "\"") ? end - index : 0
    }

    private mutating func scanString(hashes: Int) {
        index += hashes
        let isLong = starts(with: "\"\"\"", at: index)
        let quotes = isLong ? 3 : 1
        index += quotes
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\\"), hashes == countHashes(at: index + 1) {
                index += 1 + hashes
                if byte(at: index) == UInt8(ascii: "(") {
                    scanCode(insideInterpolation: true)
                } else {
                    index += 1
                }
            } else if closes(quotes: quotes, hashes: hashes) {
                index += quotes + hashes
                return
            } else if bytes[index] == UInt8(ascii: "\n"), !isLong {
                // Not a string after all; a broken line must not swallow the rest of the file.
                return
            } else {
                index += 1
            }
        }
    }

    private func countHashes(at position: Int) -> Int {
        var end = position
        while byte(at: end) == UInt8(ascii: "#") { end += 1 }
        return end - position
    }

    private func closes(quotes: Int, hashes: Int) -> Bool {
        for offset in 0..<quotes where byte(at: index + offset) != UInt8(ascii: "\"") {
            return false
        }
        return countHashes(at: index + quotes) >= hashes
    }
}
