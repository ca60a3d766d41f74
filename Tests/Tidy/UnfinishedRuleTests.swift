import Testing

struct UnfinishedRuleTests {
    private func findings(in text: String) -> [Finding] {
        UnfinishedRule.findings(in: SwiftFile(path: "Sources/Fika/A.swift", text: text))
    }

    @Test func `promises in comments are found`() {
        #expect(findings(in: "let x = 1  // TODO: more\n/* FIXME */").map(\.line) == [1, 2])
    }

    @Test func `the same letters elsewhere pass`() {
        #expect(findings(in: "// Every todo list.\nlet text = \"TODO // FIXME\"").isEmpty)
    }

    @Test func `nothing is promised`() {
        expectTidy(Repository.here.swiftFiles.flatMap { UnfinishedRule.findings(in: $0) })
    }
}
