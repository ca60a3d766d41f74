import Testing

struct FixtureRuleTests {
    private let paths = [
        "Fixtures/README.md", "Fixtures/golden.sqlite", "Fixtures/vectors/op-1.bin",
        "Fixtures/vectors/fuzz/crash.bin",
    ]

    @Test func `a fixture that nobody names is found`() {
        let found = FixtureRule.findings(
            paths: paths, texts: ["the golden.sqlite.old and vectors"])
        #expect(found.map(\.path) == ["Fixtures/golden.sqlite", "Fixtures/vectors/fuzz/crash.bin"])
    }

    @Test func `a name or its folder's name is enough`() {
        let texts = ["open(\"golden.sqlite\")", "Fixtures/vectors/", "all of `fuzz/`"]
        #expect(FixtureRule.findings(paths: paths, texts: texts).isEmpty)
    }

    @Test func `every fixture is used`() {
        let repository = Repository.here
        let paths = repository.paths.filter { $0.hasPrefix("Fixtures/") }
        let tests = repository.swiftFiles.filter { $0.area == .tests || $0.area == .benchmarks }
        let readmes = repository.texts.filter { $0.key.hasSuffix("README.md") }
        expectTidy(
            FixtureRule.findings(
                paths: paths,
                texts: tests.filter { !$0.path.hasPrefix("Tests/Tidy/") }.map(\.text)
                    + Array(readmes.values)))
    }
}
