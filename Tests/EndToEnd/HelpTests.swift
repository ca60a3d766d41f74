import FikaTestSupport
import Foundation
import Testing

/// The help of every command, compared with `Fixtures/cli/help.txt`.
///
/// FIKA_RECORD=1 writes the file anew.
struct HelpTests {
    private static let commands = [
        [], ["init"], ["room"], ["room", "create"], ["room", "list"], ["room", "show"],
        ["room", "rename"], ["room", "describe"], ["room", "invite"], ["room", "remove"],
        ["room", "leave"], ["private"], ["send"], ["reply"], ["edit"], ["delete"], ["react"],
        ["pin"], ["poll"], ["poll", "create"], ["poll", "vote"], ["poll", "add"],
        ["poll", "show"], ["timeline"], ["read"], ["search"], ["outbox"],
        ["outbox", "list"], ["outbox", "discard"], ["outbox", "send-again"], ["sync"], ["serve"],
        ["relay"], ["status"], ["log"],
        ["log", "list"], ["log", "show"], ["log", "verify"], ["log", "stat"],
        ["log", "digest"], ["log", "export"], ["log", "import"], ["log", "rebuild"],
        ["log", "repair"], ["why"],
        ["why", "message"], ["why", "name"], ["why", "member"], ["why", "vote"], ["import"],
        ["import", "irc"], ["simulate"],
    ]

    @Test func `the help of every command is as recorded`() throws {
        let fika = try Program()
        var text = ""
        for command in Self.commands {
            let result = try fika.run(command + ["--help"])
            #expect(result.status == 0, "\(command)")
            text += "$ \((["fika"] + command + ["--help"]).joined(separator: " "))\n"
            text += result.output + "\n"
        }
        let path = Fixtures.path("cli/help.txt")
        if ProcessInfo.processInfo.environment["FIKA_RECORD"] == "1" {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        }
        let recorded = try String(contentsOfFile: path, encoding: .utf8)
        let difference = zip(
            text.split(separator: "\n", omittingEmptySubsequences: false),
            recorded.split(separator: "\n", omittingEmptySubsequences: false)
        ).first { $0 != $1 }
        #expect(difference == nil, "FIKA_RECORD=1 records the help anew")
        #expect(text.utf8.count == recorded.utf8.count)
    }
}
