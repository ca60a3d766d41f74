import Fika
import FikaTestSupport
import Foundation
import Testing

struct MentionsTests {
    @Test func `names after an at sign at the beginning of a word are mentions`() async throws {
        let folder = try TemporaryFolder()
        let fika = try await Workspace.create(
            at: URL(fileURLWithPath: folder.path("emma")), user: "emma")
        let room = try await fika.createRoom("Köket", members: ["omid", "omidreza", "vera"])
        let cases: [(text: String, users: [String])] = [
            ("@omid kommer du?", ["omid"]), ("fråga @omidreza!", ["omidreza"]),
            ("@omidr", []), ("mail till emma@omid", []), ("(@vera, @omid)", ["omid", "vera"]),
            ("@nobody @", []), ("@emma", ["emma"]), ("@vera@omid", ["vera"]),
        ]
        for (text, users) in cases {
            let sent = try await room.send(text)
            guard case .text(_, let mentions, _) = try await room.message(sent.id).content else {
                Issue.record("a message shows its text")
                return
            }
            #expect(mentions == users, "\(text)")
        }
        try await fika.close()
    }
}
