import FikaTestSupport
import Foundation
import Testing

/// The conversation of README.md, run as it stands there.
struct ReadmeTests {
    @Test func `the README's conversation gives what the README shows`() throws {
        let readme = try String(contentsOfFile: Fixtures.root + "/README.md", encoding: .utf8)
        let begun = try #require(readme.split(separator: "```console\n").dropFirst().first)
        let shown = try #require(begun.split(separator: "\n```").first)
        let fika = try Program()
        let commands = shown.split(separator: "\n").filter { $0.hasPrefix("$ ") }
        let script = commands.map { line in
            "cat <<'SHOWN'\n\(line)\nSHOWN\n\(line.dropFirst(2))"
        }.joined(separator: "\n")
        let process = fika.process([], store: "none")
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        let programs = URL(fileURLWithPath: Program.path).deletingLastPathComponent().path
        process.environment?["PATH"] = programs + ":/usr/bin:/bin"
        process.standardInput = FileHandle.nullDevice
        let result = try fika.finish(process)
        #expect(result.errors.isEmpty)
        #expect(Self.plain(result.answer) == Self.plain(String(shown)))
    }

    /// The text with what differs from run to run taken out: ids, days and times.
    private static func plain(_ text: String) -> String {
        text.replacing(/[0-9a-f]{6}:/, with: "writer:")
            .replacing(/\d{4}-\d\d-\d\d/, with: "day")
            .replacing(/\b\d\d:\d\d\b/, with: "time")
    }
}
