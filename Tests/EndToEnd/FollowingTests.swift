import Fika
import FikaCLI
import Foundation
import Testing

struct FollowingTests {
    private func row(_ seq: Int, _ text: String) throws -> Message {
        let log = String(repeating: "0a", count: 16)
        let id = try #require(MessageID("\(log)/\(log):\(seq)"))
        return Message(
            id: id, author: .user("emma"), time: Date(timeIntervalSince1970: 0),
            content: .text(text, mentions: [], reply: nil))
    }

    private func page(_ rows: [Message]) throws -> TimelinePage {
        let room = try #require(rows.first?.id.room)
        return TimelinePage(room: room, rows: rows, hasOlder: false, hasNewer: false)
    }

    @Test func `what is new, late or changed is told once`() throws {
        var following = Following()
        let (one, two, three) = (try row(1, "ett"), try row(2, "två"), try row(3, "tre"))
        let kinds = { (items: [Following.Item]) in
            items.map { "\($0.kind) \($0.message.text ?? "")" }
        }
        #expect(kinds(following.take(try page([one, three]))) == ["first ett", "first tre"])
        #expect(following.take(try page([one, three])).isEmpty)
        let four = try row(4, "fyra")
        let found = following.take(try page([one, two, try row(3, "trean"), four]))
        #expect(kinds(found) == ["late två", "changed trean", "new fyra"])
        // The window moves on.
        #expect(kinds(following.take(try page([four, try row(5, "fem")]))) == ["new fem"])
    }
}
