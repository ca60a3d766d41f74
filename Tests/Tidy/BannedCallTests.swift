import Testing

struct BannedCallTests {
    private func findings(in text: String, of path: String) -> [Finding] {
        BannedCall.findings(in: SwiftFile(path: path, text: text))
    }

    @Test(arguments: [
        "let now = Date()", "let now = Date.now", "try await Task.sleep(for: .seconds(1))",
        "sleep(1)", "let x = try! f()", "let x = y as! Int", "fatalError(\"no\")",
        "@testable import FikaLog", "nonisolated(unsafe) var count = 0", "_ = \"\\(Date())\"",
        "let body = Mutex<(@Sendable () -> Void)?>(nil)", "var body: Mutex<@Sendable () -> Void>",
    ])
    func `what is banned everywhere is found in a test`(text: String) {
        #expect(findings(in: "\n" + text, of: "Tests/FikaTests/A.swift").map(\.line) == [2])
    }

    @Test(arguments: [
        "print(1)", "debugPrint(1)", "exit(1)", "Task.detached { }", "abort()",
    ])
    func `what is banned in libraries is found there`(text: String) {
        #expect(findings(in: text, of: "Sources/FikaStore/A.swift").count == 1)
        #expect(findings(in: text, of: "Tests/FikaTests/A.swift").isEmpty)
    }

    @Test(arguments: [
        "let clock = ContinuousClock()", "func f() async {}", "Task { }",
        "clock_gettime(CLOCK_REALTIME, &t)", "var g = SystemRandomNumberGenerator()",
    ])
    func `clocks, tasks and chance are found in a pure target`(text: String) {
        #expect(findings(in: text, of: "Sources/FikaChat/A.swift").count == 1)
        #expect(findings(in: text, of: "Sources/Fika/A.swift").isEmpty)
    }

    @Test func `comments, literals, members and longer names pass`() {
        let text = """
            // Never call Date() or print( here.
            let text = "Date() try! fatalError"
            if try !isThere() { return }
            let long = #\"\"\"
                print("x")
                \"\"\"#
            table.print(row)
            func print(row: Int) {}
            let updated = UpDate()
            try clock.sleep(until: deadline)
            """
        #expect(findings(in: text, of: "Sources/FikaStore/A.swift").isEmpty)
    }

    @Test func `nothing banned is said`() {
        expectTidy(Repository.here.swiftFiles.flatMap { BannedCall.findings(in: $0) })
    }
}
