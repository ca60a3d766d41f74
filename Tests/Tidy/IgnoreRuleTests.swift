import Testing

struct IgnoreRuleTests {
    @Test func `an ignore file with a gap is found`() {
        let found = IgnoreRule.findings(ignoreFile: ".build/\nPackage.resolved\n")
        #expect(found.map(\.message) == ["does not ignore .build-*/"])
    }

    @Test func `a tracked build product is found`() {
        let tracked = ["Package.swift", "Package.resolved", ".build/debug.yaml", "a/.build-x/b"]
        #expect(IgnoreRule.findings(tracked: tracked).map(\.path) == Array(tracked.dropFirst()))
    }

    @Test func `what tools make is ignored and not tracked`() throws {
        let repository = Repository.here
        let ignoreFile = try #require(repository.text(of: ".gitignore"))
        expectTidy(IgnoreRule.findings(ignoreFile: ignoreFile))
        if let tracked = try GitIndex.trackedPaths(root: Repository.root) {
            #expect(tracked.contains("Package.swift"))
            expectTidy(IgnoreRule.findings(tracked: tracked))
        }
    }
}
