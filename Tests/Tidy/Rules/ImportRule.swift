/// Each target of the house imports only what stands below it.
enum ImportRule {
    private static let foundation: Set<String> = [
        "Foundation", "FoundationEssentials", "FoundationInternationalization",
    ]
    private static let cores: Set<String> = ["FikaCRDT", "FikaWire", "FikaLog", "FikaChat"]
    private static let nio: Set<String> = ["NIOCore", "NIOPosix", "NIOConcurrencyHelpers"]
    private static let system: Set<String> = ["Glibc", "Synchronization", "Dispatch"]

    /// By folder in Sources.
    static let allowed: [String: Set<String>] = [
        "FikaCRDT": [],
        "FikaWire": ["CZstd"],
        "FikaLog": ["FikaCRDT", "FikaWire", "Crypto"],
        "FikaChat": ["FikaCRDT", "FikaWire", "FikaLog"],
        // GRDBSQLite is SQLite's own interface, for the statements that run once an op.
        "FikaStore": cores.union(foundation).union(system).union(["GRDB", "GRDBSQLite", "Crypto"]),
        "FikaSync": ["FikaCRDT", "FikaWire", "FikaLog"],
        "FikaNet": cores.union(system).union(nio).union(["FikaSync"]),
        "Fika": cores.union(foundation).union(system).union([
            "FikaSync", "FikaStore", "FikaNet", "Crypto",
        ]),
        "FikaRelay": cores.union(foundation).union(system).union(nio).union([
            "FikaSync", "FikaStore", "FikaNet", "GRDB", "GRDBSQLite", "NIOHTTP1", "Logging",
            "Crypto",
        ]),
        "FikaSimulation": cores.union(foundation).union(system).union([
            "FikaSync", "FikaStore", "FikaNet", "Fika", "FikaRelay", "GRDB", "GRDBSQLite",
        ]),
        // The program uses the public API alone, but for `fika simulate`.
        "fika-cli": foundation.union(system).union([
            "Fika", "ArgumentParser", "FikaSimulation", "FikaCRDT",
        ]),
        "fikad": foundation.union(system).union([
            "FikaRelay", "ArgumentParser", "Logging", "ServiceLifecycle", "UnixSignals",
        ]),
    ]

    private static let modifiers: Set<String> = [
        "public", "package", "internal", "fileprivate", "private", "@",
    ]
    private static let kinds: Set<String> = [
        "struct", "class", "enum", "protocol", "typealias", "func", "let", "var",
    ]

    static func findings(in file: SwiftFile) -> [Finding] {
        guard file.components.first == "Sources", file.components.count > 2 else { return [] }
        let target = String(file.components[1])
        guard let allowed = allowed[target] else {
            return [Finding(file.path, "\(target) has no place in ImportRule.allowed yet")]
        }
        return imports(in: file.tokens).filter { !allowed.contains($0.module) }.map {
            Finding(file.path, line: $0.line, "\(target) must not import \($0.module)")
        }
    }

    /// Returns the modules that are imported, with their lines.
    static func imports(in tokens: [Token]) -> [(module: String, line: Int)] {
        var imports: [(module: String, line: Int)] = []
        for index in tokens.indices where tokens[index].text == "import" {
            let line = tokens[index].line
            let before = tokens[..<index].reversed().prefix { $0.line == line }
            var rest = tokens[(index + 1)...].prefix { $0.line == line }
            guard isModified(import: Array(before.reversed())) else { continue }
            if let kind = rest.first?.text, kinds.contains(kind) { rest = rest.dropFirst() }
            guard let module = rest.first, module.isName else { continue }
            imports.append((module.text, line))
        }
        return imports
    }

    /// Whether only modifiers and attributes stand before the word on its line.
    private static func isModified(import before: [Token]) -> Bool {
        for (index, token) in before.enumerated() where !modifiers.contains(token.text) {
            guard index > 0, before[index - 1].text == "@" else { return false }
        }
        return true
    }
}
