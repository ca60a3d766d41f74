/// Chance comes from a generator that is handed in, so that a seed replays it.
enum RandomnessRule {
    private static let draws: Set<String> = ["random", "randomElement", "shuffled", "shuffle"]

    static func findings(in file: SwiftFile) -> [Finding] {
        let tokens = file.tokens
        var findings: [Finding] = []
        for index in tokens.indices where draws.contains(tokens[index].text) {
            let open = index + 1
            guard index > 0, tokens[index - 1].text == ".",
                open < tokens.count, tokens[open].text == "(",
                let close = tokens.closing(of: open)
            else { continue }
            let names = tokens[open...close].map(\.text)
            let isSeeded = zip(names, names.dropFirst()).contains { $0 == ("using", ":") }
            if isSeeded { continue }
            let message = ".\(tokens[index].text)() without using: cannot be replayed"
            findings.append(Finding(file.path, line: tokens[index].line, message))
        }
        return findings
    }
}
