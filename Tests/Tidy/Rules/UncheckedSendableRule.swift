/// Few types vouch for their own thread safety, none in a pure target, each with its reason above.
enum UncheckedSendableRule {
    /// Raised deliberately, with the type that needs it.
    static let maximum = 4

    static func findings(in file: SwiftFile) -> [Finding] {
        lines(in: file).compactMap { line in
            if file.area == .pure {
                let message = "@unchecked Sendable in a pure target: make it a value"
                return Finding(file.path, line: line, message)
            }
            guard !hasReason(above: line, in: file) else { return nil }
            let message = "@unchecked Sendable needs the reason in a comment above"
            return Finding(file.path, line: line, message)
        }
    }

    static func countFindings(in files: [SwiftFile]) -> [Finding] {
        let count = files.reduce(0) { $0 + lines(in: $1).count }
        guard count > maximum else { return [] }
        return [Finding("Sources", "\(count) @unchecked Sendable, more than \(maximum)")]
    }

    private static func lines(in file: SwiftFile) -> [Int] {
        zip(file.tokens, file.tokens.dropFirst())
            .filter { $0.text == "@" && $1.text == "unchecked" }
            .map { $0.0.line }
    }

    /// Whether a comment stands right above, attributes between them set aside.
    private static func hasReason(above line: Int, in file: SwiftFile) -> Bool {
        let indices = (0..<(line - 1)).reversed()
        for index in indices {
            let text = file.lines[index].trimmingPrefix { $0 == " " }
            if text.hasPrefix("@") { continue }
            return file.commentLines[index].contains("//")
        }
        return false
    }
}
