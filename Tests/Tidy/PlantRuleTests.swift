import Testing

struct PlantRuleTests {
    private let list = SwiftFile(
        path: PlantRule.list, text: "enum PlantedBug {\n    case a\n    case b\n    case c\n}\n")

    @Test func `a bug that is planted nowhere, or not described, is found`() {
        let site = SwiftFile(
            path: "Sources/FikaLog/A.swift",
            text:
                "if PlantedBug.a.isPlanted {}\n// PlantedBug.b.isPlanted\n_ = PlantedBug.c.rawValue"
        )
        let found = PlantRule.findings(
            bugs: PlantRule.bugs(in: list), in: [site], description: "`b` and `c`")
        #expect(
            found.map(\.message) == ["plant b, or go", "plant c, or go", "does not describe a"])
    }

    @Test func `code that depends on the build is found`() {
        let text = "let a = 1\n#if DEBUG\nlet b = 2\n#endif\n"
        let found = PlantRule.conditions(in: SwiftFile(path: "Sources/FikaLog/A.swift", text: text))
        #expect(found.map(\.line) == [2])
        #expect(PlantRule.conditions(in: SwiftFile(path: PlantRule.list, text: text)).isEmpty)
    }

    @Test func `every bug of the list is planted and described`() throws {
        let repository = Repository.here
        let list = try #require(repository.swiftFiles.first { $0.path == PlantRule.list })
        let bugs = PlantRule.bugs(in: list)
        #expect(bugs.count >= 30)
        let text = try #require(repository.text(of: PlantRule.description))
        let sources = repository.swiftFiles.filter { $0.components.first == "Sources" }
        expectTidy(PlantRule.findings(bugs: bugs, in: sources, description: text))
        expectTidy(sources.flatMap(PlantRule.conditions))
    }
}
