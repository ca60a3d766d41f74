/// A name, a number or one punctuation character of Swift code.
struct Token: Sendable {
    let text: String
    /// Counted from 1.
    let line: Int
    /// Whether nothing stands between this token and the one before.
    let isAdjacent: Bool

    var isName: Bool { text.utf8.first?.isNamePart ?? false }
}

extension Token {
    /// Returns the tokens of code without comments and literals.
    static func tokens(of code: [UInt8]) -> [Token] {
        var tokens: [Token] = []
        var line = 1
        var index = 0
        var isAdjacent = false
        while index < code.count {
            let start = index
            if code[index].isSpace {
                if code[index] == UInt8(ascii: "\n") { line += 1 }
                isAdjacent = false
                index += 1
                continue
            }
            index += 1
            if code[start].isNamePart {
                while index < code.count, code[index].isNamePart { index += 1 }
            }
            let text = String(decoding: code[start..<index], as: UTF8.self)
            tokens.append(Token(text: text, line: line, isAdjacent: isAdjacent))
            isAdjacent = true
        }
        return tokens
    }
}

extension [Token] {
    /// Returns the index of the bracket that closes the one at `start`, or nil if none does.
    func closing(of start: Int) -> Int? {
        var depth = 0
        for index in start..<count {
            switch self[index].text {
            case "(", "[", "{": depth += 1
            case ")", "]", "}": depth -= 1
            default: break
            }
            if depth == 0 { return index }
        }
        return nil
    }
}
