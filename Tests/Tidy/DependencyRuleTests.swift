import Testing

struct DependencyRuleTests {
    private let manifest = """
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(
            url: "https://example.com/other.git", exact: "1.0.0"),
        .package(url: "https://example.com/other.git", exact: "1.0.0"),
        .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])])
        """

    @Test func `packages and system libraries are read from the manifest`() {
        #expect(
            DependencyRule.names(in: manifest) == ["GRDB.swift", "other", "libzstd-dev"])
    }

    @Test func `a dependency without a sentence is found`() {
        let contributing = """
            - **GRDB.swift**: SQLite with a reader pool, migrations and full-text search.
            - **other**: Short.
            libzstd-dev is named in passing, and that is no reason to have it.
            """
        let found = DependencyRule.findings(manifest: manifest, contributing: contributing)
        #expect(found.map { $0.message.contains("other") } == [true, false])
    }

    @Test func `each dependency has its reason`() throws {
        let repository = Repository.here
        let manifest = try #require(repository.text(of: "Package.swift"))
        #expect(!DependencyRule.names(in: manifest).isEmpty)
        let contributing = try #require(repository.text(of: "CONTRIBUTING.md"))
        expectTidy(DependencyRule.findings(manifest: manifest, contributing: contributing))
    }
}
