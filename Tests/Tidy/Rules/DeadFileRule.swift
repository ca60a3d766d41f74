/// Every Swift file is needed: a program, tests, or a declaration that another file names.
enum DeadFileRule {
    private static let types: Set<String> = [
        "struct", "enum", "class", "actor", "protocol", "typealias", "func", "let", "var",
    ]

    static func findings(in files: [SwiftFile]) -> [Finding] {
        var mentions: [String: Int] = [:]
        for file in files {
            for name in Set(file.tokens.lazy.filter(\.isName).map(\.text)) {
                mentions[name, default: 0] += 1
            }
        }
        return files.filter { file in
            !isRoot(file, among: files) && !isNeeded(file) { mentions[$0, default: 0] > 1 }
        }.map {
            Finding($0.path, "nothing outside this file names what it declares: remove it")
        }
    }

    /// Whether the file is a beginning: the manifest, a program, tests, a target's only file.
    private static func isRoot(_ file: SwiftFile, among files: [SwiftFile]) -> Bool {
        if file.area == .package || file.name == "main.swift" { return true }
        if file.name == "Placeholder.swift" {
            // The package manager wants at least one file in every target.
            let folder = file.components.prefix(2)
            return files.filter { $0.components.starts(with: folder) }.count == 1
        }
        let attributes = zip(file.tokens, file.tokens.dropFirst()).filter { $0.0.text == "@" }
        return attributes.contains { ["main", "Test", "Suite"].contains($0.1.text) }
    }

    private static func isNeeded(_ file: SwiftFile, isMentioned: (String) -> Bool) -> Bool {
        let tokens = file.tokens
        var depth = 0
        var isInExtension = false
        for (index, token) in tokens.enumerated() {
            let next = index + 1 < tokens.count ? tokens[index + 1] : token
            switch token.text {
            case "{": depth += 1
            case "}": depth -= 1
            case "extension" where depth == 0:
                isInExtension = true
                if isConformance(at: index, in: tokens) { return true }
            case let text where types.contains(text) && depth == 0:
                isInExtension = false
                if isMentioned(next.text) { return true }
            case let text where types.contains(text) && depth == 1 && isInExtension:
                // An operator has no name to look for.
                if !next.isName || isMentioned(next.text) { return true }
            case "init" where depth == 1 && isInExtension,
                "subscript" where depth == 1 && isInExtension:
                return true
            default: break
            }
        }
        return false
    }

    /// Whether the extension at `index` makes its type conform to something.
    private static func isConformance(at index: Int, in tokens: [Token]) -> Bool {
        let head = tokens[index...].prefix { $0.text != "{" && $0.text != "where" }
        return head.contains { $0.text == ":" }
    }
}
