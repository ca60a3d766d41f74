import Fika
import FikaCLI
import Foundation
import Testing

/// The renderers are pure functions: the same values give the same text.
struct RenderingTests {
    private let plain = Style(hasColor: false, zone: .gmt)

    private func id(_ number: Int) throws -> MessageID {
        let (room, writer) = (
            String(repeating: "ab", count: 16), String(repeating: "cd", count: 16)
        )
        return try #require(MessageID("\(room)/\(writer):\(number)"))
    }

    private func message(
        _ number: Int, _ content: Message.Content, by author: Message.Author = .user("emma"),
        minute: Int = 0, delivery: Delivery? = nil, isUnread: Bool = false
    ) throws -> Message {
        Message(
            id: try id(number), author: author,
            time: Date(timeIntervalSince1970: 1_709_283_600 + Double(minute * 60)),
            content: content, isEdited: number == 2, isUnread: isUnread, delivery: delivery)
    }

    private func page(_ rows: [Message]) throws -> TimelinePage {
        TimelinePage(room: try id(1).room, rows: rows, hasOlder: true, hasNewer: false)
    }

    @Test func `a page shows days, unread rows, replies, edits and deliveries`() throws {
        let rows = [
            try message(1, .event(.created(name: "Köket"))),
            try message(2, .text("hej\nalla", mentions: [], reply: nil), delivery: .queued),
            try message(
                3, .text("ja", mentions: [], reply: try id(2)), by: .user("omid"), minute: 1),
            try message(4, .deleted, minute: 2, isUnread: true),
            try message(
                5, .imported(.action, text: "dukar"),
                by: .imported(name: "omid", by: "emma"), minute: 1_440),
        ]
        let text = TimelineText(plain).text(try page(rows))
        #expect(
            text == """
                … older rows above
                ── 2024-03-01 ──
                09:00  cdcdcd:1    • emma made the room “Köket”
                09:00  cdcdcd:2    emma: hej
                                   alla (edited) (queued)
                09:01  cdcdcd:3    omid: ↳ cdcdcd:2 ja
                ── unread ──
                09:02  cdcdcd:4    emma: (deleted)
                ── 2024-03-02 ──
                09:00  cdcdcd:5    * omid dukar
                """)
    }

    @Test func `colour changes nothing but the escapes`() throws {
        let rows = [try message(1, .text("hej", mentions: [], reply: nil), delivery: .held)]
        let colored = TimelineText(Style(hasColor: true, zone: .gmt)).text(try page(rows))
        #expect(colored.contains("\u{1B}[1memma\u{1B}[0m"))
        let stripped = colored.replacing(/\u{1B}\[\d+m/, with: "")
        #expect(stripped == TimelineText(plain).text(try page(rows)))
        #expect(stripped.hasSuffix("(held)"))
    }

    @Test func `a table's columns stand under each other without spaces at the end`() {
        var table = Table()
        table.add("a", "längre", "x")
        table.add("bbb", "b", "")
        #expect(table.text == "a    längre  x\nbbb  b")
        #expect(Table().text.isEmpty)
    }

    @Test func `control characters become pictures`() {
        #expect(PlainText.safe("a\u{1B}[2J\nb\u{0}") == "a␛[2J\nb␀")
        #expect(PlainText.oneLine("a\nb\u{85}c\u{202E}") == "a b\u{FFFD}c\u{FFFD}")
        #expect(PlainText.short("abcdef", 4) == "abc…")
        #expect(PlainText.short("abcd", 4) == "abcd")
    }

    @Test func `each kind of error has its exit code`() {
        let codes: [(FikaError.Code, ProgramStatus)] = [
            (.notFound, .refused), (.alreadyExists, .refused), (.refused, .refused),
            (.ambiguous, .refused), (.malformedInput, .badData), (.damaged, .badData),
            (.newerFormat, .badData), (.otherWorkspace, .badData), (.invalidArgument, .usage),
            (.storeInUse, .inUse), (.unanswered, .inUse), (.system, .system),
        ]
        for (code, status) in codes {
            #expect(ProgramStatus(FikaError(code, "")) == status, "\(code)")
        }
        #expect(ProgramStatus.allCases.map(\.rawValue) == [0, 1, 2, 64, 71, 75])
    }

    @Test func `JSON has sorted keys and times in one form`() throws {
        let row = MessageRecord(try message(1, .text("hej", mentions: ["omid"], reply: nil)))
        let text = JSONText.text(row)
        #expect(text.contains("\"time\" : \"2024-03-01T09:00:00.000Z\""))
        let keys = text.matches(of: /\n  "(\w+)"/).map { String($0.1) }
        #expect(keys == keys.sorted())
        #expect(keys.contains("mentions") && !keys.contains("poll"))
    }
}
