import Testing

struct SwiftViewsTests {
    private func code(_ text: String) -> String {
        String(decoding: SwiftViews(text).code, as: UTF8.self)
    }

    private func words(_ text: String) -> [String] {
        Token.tokens(of: SwiftViews(text).code).map(\.text)
    }

    @Test func `both views keep every line and column`() {
        let text = "let a = \"x\" // why\n/* /* nested */ */ b"
        #expect(code(text) == "let a =           \n                   b")
        let comments = String(decoding: SwiftViews(text).comments, as: UTF8.self)
        #expect(comments == "            // why\n/* /* nested */ */  ")
    }

    @Test(arguments: [
        (#"a "\"b" c"#, ["a", "c"]),
        (##"a #"b" \(x) "# c"##, ["a", "c"]),
        (##"a #"b" \#(x) "# c"##, ["a", "(", "x", ")", "c"]),
        (#"a "\(b("c)", d))" e"#, ["a", "(", "b", "(", ",", "d", ")", ")", "e"]),
        ("a \"\"\"\nb \" c\n\"\"\" d", ["a", "d"]),
        ("a `b c!` d", ["a", "b_c_", "d"]),
        ("a \"open\nb", ["a", "b"]),
        ("a \"// no\" b /* \" */ c", ["a", "b", "c"]),
    ])
    func `literals and comments are blank, interpolations are code`(
        text: String, expected: [String]
    ) {
        #expect(words(text) == expected)
    }

    @Test func `unfinished text ends quietly`() {
        for text in ["/*", "\"", "`", "\"\"\"", "\"\\(", "#\"", "\\", "\"\\"] {
            #expect(words(text).allSatisfy { $0 != "x" })
            #expect(SwiftViews(text).code.count == text.utf8.count)
        }
    }
}
