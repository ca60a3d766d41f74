import Testing

struct UncheckedSendableRuleTests {
    private func file(_ text: String, path: String = "Sources/FikaStore/A.swift") -> SwiftFile {
        SwiftFile(path: path, text: text)
    }

    @Test func `one without a reason is found`() {
        let bad = file("let x = 1\nfinal class A: @unchecked Sendable {}")
        #expect(UncheckedSendableRule.findings(in: bad).map(\.line) == [2])
    }

    @Test func `one with a reason passes, though not in a pure target`() {
        let text =
            "// The lock guards all.\n@available(*, x)\nfinal class A: @unchecked Sendable {}"
        #expect(UncheckedSendableRule.findings(in: file(text)).isEmpty)
        let pure = file(text, path: "Sources/FikaLog/A.swift")
        #expect(UncheckedSendableRule.findings(in: pure).count == 1)
    }

    @Test func `too many are found`() {
        let text = String(
            repeating: "class A: @unchecked Sendable {}\n", count: UncheckedSendableRule.maximum)
        #expect(UncheckedSendableRule.countFindings(in: [file(text)]).isEmpty)
        let one = file("class B: @unchecked Sendable {}")
        #expect(UncheckedSendableRule.countFindings(in: [file(text), one]).count == 1)
    }

    @Test func `each is justified and they are few`() {
        let files = Repository.here.swiftFiles
        expectTidy(files.flatMap { UncheckedSendableRule.findings(in: $0) })
        expectTidy(UncheckedSendableRule.countFindings(in: files))
    }
}
