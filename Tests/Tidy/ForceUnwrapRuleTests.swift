import Testing

struct ForceUnwrapRuleTests {
    private func findings(in text: String) -> [Finding] {
        ForceUnwrapRule.findings(in: SwiftFile(path: "Tests/FikaTests/A.swift", text: text))
    }

    @Test(arguments: [
        "let x = list.first!", "let x = table[key]!.name", "call(f()!)", "var x: Int!",
        "var x: [Int: String]!", "let x = \"\\(name!)\"",
    ])
    func `an unwrap by force is found`(text: String) {
        #expect(findings(in: text).count == 1)
    }

    @Test func `negation, comparison and text pass`() {
        let text = """
            if !done, a != b, a!=b { return !(x) }
            let text = "Hello!"
            func `it works!`() {}
            // Never x!
            """
        #expect(findings(in: text).isEmpty)
    }

    @Test func `nothing is unwrapped by force`() {
        expectTidy(Repository.here.swiftFiles.flatMap { ForceUnwrapRule.findings(in: $0) })
    }
}
