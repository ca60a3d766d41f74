import Testing

struct TraceRuleTests {
    private let trace = ["", "work", "main"].joined(separator: "/")

    @Test func `a path of one machine is found`() {
        let text = "first\nSee `\(trace)/Specs`."
        #expect(TraceRule.findings(path: "README.md", text: text).map(\.line) == [2])
    }

    @Test func `a folder of the same name inside the project passes`() {
        let text = "Sources\(trace)/A.swift and a network/work of art"
        #expect(TraceRule.findings(path: "README.md", text: text).isEmpty)
    }

    @Test func `nothing points to one machine`() {
        let repository = Repository.here
        #expect(repository.texts["LICENSE"] != nil)
        for file in repository.swiftFiles {
            expectTidy(TraceRule.findings(path: file.path, text: file.text))
        }
        for (path, text) in repository.texts where !path.hasPrefix("Fixtures/") {
            expectTidy(TraceRule.findings(path: path, text: text))
        }
    }
}
