/// Nothing is unwrapped by force, and no type unwraps by itself.
enum ForceUnwrapRule {
    static func findings(in file: SwiftFile) -> [Finding] {
        file.tokens.indices.filter { isForced(at: $0, in: file.tokens) }.map {
            let message = "force unwrap or implicitly unwrapped type: use guard let or #require"
            return Finding(file.path, line: file.tokens[$0].line, message)
        }
    }

    private static func isForced(at index: Int, in tokens: [Token]) -> Bool {
        guard tokens[index].text == "!", tokens[index].isAdjacent, index > 0 else { return false }
        let before = tokens[index - 1]
        // `try!` and `as!` have rules of their own; `a!=b` is a comparison.
        guard !["try", "as"].contains(before.text) else { return false }
        if index + 1 < tokens.count, tokens[index + 1].text == "=", tokens[index + 1].isAdjacent {
            return false
        }
        return before.isName || [")", "]", "}", "?", ">"].contains(before.text)
    }
}
