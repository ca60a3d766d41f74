import Fika
import FikaTestSupport
import Foundation
import Testing

/// The code of README.md, compiled and run: what stands between the marks is what it shows.
struct DocumentationExamples {
    private func example(
        _ url: URL, _ relay: RelayAddress, show: (TimelinePage, Link.State) -> Void
    ) async throws -> (Workspace, SentMessage) {
        // README begins
        let fika = try await Workspace.create(at: url, user: "emma")  // never touches the network
        let link = fika.connect(to: relay)  // comes back by itself; see link.states
        let room = try await fika.createRoom("Fredagsfika", members: ["omid"])
        let sent = try await room.send("Kanelbullar eller semlor?")  // on disk when it returns
        try await room.setReaction("👍", on: true, for: sent.id)
        for await state in sent.delivery { print(state) }  // queued, accepted; or held, refused
        for await page in room.timeline(around: .firstUnread, limit: 50) { show(page, link.state) }
        // README ends
        return (fika, sent)
    }

    @Test(.timeLimit(.minutes(2)))
    func `the README's example does what it says`() async throws {
        let folder = try TemporaryFolder()
        let daemon = try Daemon(folder)
        let relay = try await daemon.start()
        let url = URL(fileURLWithPath: folder.path("emma"))
        let (fika, sent) = try await Task {
            try await example(url, relay) { page, state in
                #expect(page.rows.map(\.text) == [nil, nil, "Kanelbullar eller semlor?"])
                #expect(page.rows.last?.reactions.map(\.emoji) == ["👍"])
                #expect(state == .upToDate)
                // An app would go on looking; here the first page is enough.
                withUnsafeCurrentTask { $0?.cancel() }
            }
        }.value
        guard case .accepted = try await sent.currentDelivery() else {
            Issue.record("its delivery ends when it is accepted")
            return
        }
        try await fika.close()
        #expect(try daemon.stop() == 0)
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
