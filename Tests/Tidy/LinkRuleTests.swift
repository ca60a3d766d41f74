import Testing

struct LinkRuleTests {
    private let paths = ["Specs/README.md", "Specs/Ops.md", "Specs/decisions/1.md", "README.md"]

    @Test func `a link to nowhere is found`() {
        let text = "[ops](Ops.md#header), [gone](Gone.md), [top](../README.md), [web](https://a.b)"
        let found = LinkRule.brokenLinks(path: "Specs/README.md", text: text, paths: paths)
        #expect(found.map(\.message) == ["links to Specs/Gone.md, which is not there"])
    }

    @Test func `a folder, a place in the page and a code block pass`() {
        let text = "[all](decisions/), [here](#words)\n```\n[no](Gone.md)\n```"
        #expect(
            LinkRule.brokenLinks(path: "Specs/README.md", text: text, paths: paths).isEmpty)
    }

    @Test func `a spec without a link is found`() {
        let found = LinkRule.unlinkedSpecs(readme: "See [ops](Ops.md).", paths: paths)
        #expect(found.map(\.path) == ["Specs/decisions/1.md"])
    }

    @Test func `all documents lead to what exists`() {
        let repository = Repository.here
        #expect(repository.texts["CONTRIBUTING.md"] != nil)
        for (path, text) in repository.texts where path.hasSuffix(".md") {
            expectTidy(LinkRule.brokenLinks(path: path, text: text, paths: repository.paths))
        }
    }

    @Test func `the Specs' README leads to every spec`() {
        let repository = Repository.here
        let readme = repository.texts["Specs/README.md"] ?? ""
        expectTidy(LinkRule.unlinkedSpecs(readme: readme, paths: repository.paths))
    }
}
