import Fika
import FikaTestSupport
import Foundation
import Testing

/// The code of README.md, compiled and run: what stands between the marks is what it shows.
struct DocumentationExamples {
    @Test func `the README's example does what it says`() async throws {
        let folder = try TemporaryFolder()
        let url = URL(fileURLWithPath: folder.path("emma"))
        // README begins
        let fika = try await Workspace.create(at: url, user: "emma")
        let room = try await fika.createRoom("Fredagsfika", members: ["omid"])
        let sent = try await room.send("Kanelbullar eller semlor?")  // on disk when it returns
        try await room.setReaction("👍", on: true, for: sent.id)
        let poll = try await room.createPoll(
            .init(question: "Vad tar vi?", options: ["Kanelbullar", "Semlor"]))
        try await room.vote([2], in: poll.id)
        for message in try await room.timeline(.newest, limit: 50).rows {
            print(message.author.name, message.text ?? "")
        }
        // README ends
        #expect(try await sent.currentDelivery() == .queued)
        let rows = try await room.timeline().rows
        #expect(rows.compactMap(\.text) == ["Kanelbullar eller semlor?"])
        guard case .poll(let state) = rows.last?.content else {
            Issue.record("the poll is the last row")
            return
        }
        #expect(state.options.map(\.voters) == [[], ["emma"]])
        try await fika.close()
    }

    @Test func `the README shows the example word for word`() throws {
        let source = try String(contentsOfFile: #filePath, encoding: .utf8)
        let parts = source.split(separator: "        // README ")
        let shown = try #require(parts.first { $0.hasPrefix("begins\n") })
        let code = shown.split(separator: "\n").dropFirst().map { line in
            line.hasPrefix("        ") ? line.dropFirst(8) : line
        }.joined(separator: "\n")
        let readme = try String(contentsOfFile: Fixtures.root + "/README.md", encoding: .utf8)
        #expect(readme.contains("```swift\nimport Fika\n\n\(code)\n```"))
    }
}
