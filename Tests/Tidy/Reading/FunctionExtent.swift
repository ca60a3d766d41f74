/// Where a function, an initializer or a computed property stands, its body included.
struct FunctionExtent: Hashable, Sendable {
    let name: String
    let lines: ClosedRange<Int>

    private static let introducers: Set<String> = ["func", "init", "deinit", "subscript", "var"]
    /// What begins another declaration: one before the brace had no body of its own.
    private static let declarations: Set<String> = [
        "func", "init", "deinit", "subscript", "var", "let", "case", "static", "associatedtype",
        "struct", "enum", "class", "actor", "extension", "protocol", "typealias", "import",
    ]

    /// Returns all bodies in the order of their beginnings, nested ones too.
    static func all(in tokens: [Token]) -> [FunctionExtent] {
        tokens.indices.compactMap { extent(at: $0, in: tokens) }
    }

    private static func extent(at index: Int, in tokens: [Token]) -> FunctionExtent? {
        let introducer = tokens[index]
        guard introducers.contains(introducer.text), index + 1 < tokens.count else { return nil }
        // `self.init(…)` calls, it declares nothing.
        if index > 0, tokens[index - 1].text == "." { return nil }
        guard let open = body(after: index, in: tokens), let close = tokens.closing(of: open)
        else { return nil }
        if introducer.text == "var", tokens[open].line != introducer.line { return nil }
        let isNamed = introducer.text == "func" || introducer.text == "var"
        let name = isNamed ? tokens[index + 1].text : introducer.text
        return FunctionExtent(name: name, lines: introducer.line...tokens[close].line)
    }

    /// Returns the index of the brace that opens the body of what is declared at `index`.
    private static func body(after index: Int, in tokens: [Token]) -> Int? {
        var next = index + 1
        while next < tokens.count {
            switch tokens[next].text {
            case "{":
                return next
            case "(", "[":
                guard let close = tokens.closing(of: next) else { return nil }
                next = close + 1
            case "}", ")", "]", ";":
                return nil
            case let text where declarations.contains(text):
                return nil
            default:
                next += 1
            }
        }
        return nil
    }
}
