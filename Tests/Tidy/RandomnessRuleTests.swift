import Testing

struct RandomnessRuleTests {
    private func findings(in text: String) -> [Finding] {
        RandomnessRule.findings(in: SwiftFile(path: "Tests/FikaTests/A.swift", text: text))
    }

    @Test(arguments: [
        "let n = Int.random(in: 0..<9)", "let b: Bool = .random()", "list.shuffle()",
        "let x = list.shuffled().first", "let x = list.randomElement()",
    ])
    func `an unseeded draw is found`(text: String) {
        #expect(findings(in: text).count == 1)
    }

    @Test func `a seeded draw passes`() {
        let text = """
            let n = Int.random(in: limits(0, 9), using: &generator)
            list.shuffle(using: &generator)
            let random = seeds.random
            """
        #expect(findings(in: text).isEmpty)
    }

    @Test func `every draw is seeded`() {
        expectTidy(Repository.here.swiftFiles.flatMap { RandomnessRule.findings(in: $0) })
    }
}
