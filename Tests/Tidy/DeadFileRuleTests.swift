import Testing

struct DeadFileRuleTests {
    private func findings(_ texts: [String: String]) -> [String] {
        let files = texts.map { SwiftFile(path: $0.key, text: $0.value) }
        return DeadFileRule.findings(in: files).map(\.path).sorted()
    }

    @Test func `a file that nobody names is found`() {
        let found = findings([
            "Sources/Fika/Alone.swift": "struct Alone { func used() {} }",
            "Sources/Fika/Empty.swift": "// Alone used",
            "Sources/Fika/Alone+More.swift": "extension Used { func more() {} }",
            "Sources/Fika/Used.swift": "struct Used {}",
            "Tests/FikaTests/UsedTests.swift": "@Test func used() { _ = Used() }",
        ])
        #expect(
            found == [
                "Sources/Fika/Alone+More.swift", "Sources/Fika/Alone.swift",
                "Sources/Fika/Empty.swift",
            ])
    }

    @Test func `programs, tests, conformances and a target's only file pass`() {
        let found = findings([
            "Package.swift": "let package = Package()",
            "Sources/fika-cli/main.swift": "run()",
            "Sources/fika-cli/Start.swift": "@main struct Start {}",
            "Sources/fika-cli/Start+Equatable.swift": "extension Start: Equatable {}",
            "Sources/fika-cli/Run.swift": "func run() {}",
            "Tests/Scenarios/Placeholder.swift": "// Nothing here yet.",
        ])
        #expect(found.isEmpty)
    }

    @Test func `a placeholder beside other files is found`() {
        let found = findings([
            "Tests/Scenarios/Placeholder.swift": "// Nothing here yet.",
            "Tests/Scenarios/ATests.swift": "@Suite struct ATests {}",
        ])
        #expect(found == ["Tests/Scenarios/Placeholder.swift"])
    }

    @Test func `every file is needed`() {
        expectTidy(DeadFileRule.findings(in: Repository.here.swiftFiles))
    }
}
