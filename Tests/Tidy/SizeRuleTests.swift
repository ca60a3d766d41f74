import Testing

struct SizeRuleTests {
    private func findings(in text: String) -> [Finding] {
        SizeRule.findings(in: SwiftFile(path: "Sources/FikaCRDT/A.swift", text: text))
    }

    private func function(lines: Int) -> String {
        let body = String(repeating: "    step()\n", count: lines - 2)
        return "func climb(_ steps: [Int] = []) throws -> Int {\n\(body)}\n"
    }

    @Test func `a file of 500 lines passes, of 501 does not`() {
        #expect(findings(in: String(repeating: "\n", count: 500)).isEmpty)
        #expect(findings(in: String(repeating: "\n", count: 501)).count == 1)
    }

    @Test func `a line of 100 columns passes, of 101 does not, whatever its bytes`() {
        #expect(findings(in: "// " + String(repeating: "é", count: 97)).isEmpty)
        #expect(findings(in: "// " + String(repeating: "x", count: 98)).map(\.line) == [1])
    }

    @Test func `a function of 70 lines passes, of 71 does not`() {
        #expect(findings(in: function(lines: 70)).isEmpty)
        #expect(findings(in: "\n" + function(lines: 71)).map(\.line) == [2])
    }

    @Test func `bodies are told from requirements, calls and nested braces`() {
        let text = """
            protocol Lift { func up(); init(); var height: Int { get } }
            struct Stairs {
                init() { self.init(steps: 1) }
                func `climb { slowly }`() {
                    if steep { rest() }
                }
                var top: Int {
                    "}".count
                }
            }
            """
        let extents = FunctionExtent.all(in: SwiftFile(path: "A.swift", text: text).tokens)
        #expect(extents.map(\.name) == ["height", "init", "climb___slowly__", "top"])
        #expect(extents.map(\.lines) == [1...1, 3...3, 4...6, 7...9])
    }

    @Test func `everything is small enough`() {
        expectTidy(Repository.here.swiftFiles.flatMap { SizeRule.findings(in: $0) })
    }
}
