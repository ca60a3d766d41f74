import Foundation
import Testing

@Suite struct EndingTests {
    private func run(_ script: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        try process.run()
        return process
    }

    @Test func `a program that ends badly by itself shows what it said`() throws {
        let process = try run("exit 66")
        withKnownIssue {
            #expect(Ending.code(of: process) { "a race" } == 66)
        } matching: { issue in
            issue.comments.contains { $0.rawValue == "it ended with 66 and said: a race" }
        }
        withKnownIssue {
            Ending.lookForRace(66, said: "a race")
        } matching: { issue in
            issue.comments.contains { $0.rawValue == "the thread sanitizer says: a race" }
        }
    }

    @Test func `a program that ends well, or was killed, shows nothing`() throws {
        #expect(try Ending.code(of: run("exit 0")) { "nothing" } == 0)
        #expect(try Ending.code(of: run("kill -9 $$")) { "nothing" } == 9)
        Ending.lookForRace(2, said: "nothing")
    }
}
