import ArgumentParser
import Fika
import Foundation

struct TimelineCommand: ReadingCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline", abstract: "Show a page of a room's timeline",
        discussion: """
            The newest rows, unless said otherwise. Each row has its time, its short id
            and what it says; what is written here and not yet accepted says so.

              fika timeline '#Fredagsfika' --limit 20
              fika timeline '#Fredagsfika' --before a1b2c3:17

            What was written offline by others stands where it was said. A line at the top
            says so while it is unread above what you have read; --late lists it.

            With --follow it goes on: new rows (+), rows that came late and stand further
            up (^), and rows that changed (~), as they come. Ctrl-C ends it. It shows
            what comes in by the process that runs `fika sync --watch`.
            """)
    @OptionGroup var store: StoreOptions
    @Argument(help: "The room")
    var room: String
    @Option(help: "The most rows")
    var limit = 50
    @Option(help: ArgumentHelp("The rows before this one", valueName: "message"))
    var before: String?
    @Option(help: ArgumentHelp("The rows after this one", valueName: "message"))
    var after: String?
    @Option(help: ArgumentHelp("The rows around this one", valueName: "message"))
    var around: String?
    @Flag(help: "Begin a little above the first unread row")
    var unread = false
    @Flag(help: "Show what came late: unread rows above those that were read")
    var late = false
    @Flag(help: "Show the newest rows, then what comes, until Ctrl-C")
    var follow = false
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...10_000).contains(limit) else {
            throw ValidationError("a page has 1 to 10000 rows")
        }
        let places = [before != nil, after != nil, around != nil, unread, late, follow]
        guard places.count(where: { $0 }) <= 1 else {
            throw ValidationError(
                "--before, --after, --around, --unread, --late and --follow exclude each other")
        }
    }

    func run(in session: Session) async throws(FikaError) {
        let room = try await session.room(room)
        if follow { return await follow(room, session.style) }
        let lateAbove = try await room.lateAbove(limit: limit)
        if late {
            let page = TimelinePage(
                room: room.id, rows: lateAbove, hasOlder: false, hasNewer: false)
            let text =
                lateAbove.isEmpty ? "nothing came late" : TimelineText(session.style).text(page)
            return session.answer(output, PageRecord(page, lateAbove: lateAbove), text)
        }
        var anchor = unread ? PageAnchor.firstUnread : .newest
        if let before { anchor = .before(try await session.message(before).id) }
        if let after { anchor = .after(try await session.message(after).id) }
        if let around { anchor = .around(try await session.message(around).id) }
        let page = try await room.timeline(anchor, limit: limit)
        let shown = Set(page.rows.map(\.id))
        let above = lateAbove.filter { !shown.contains($0.id) }
        session.answer(
            output, PageRecord(page, lateAbove: above),
            TimelineText(session.style).text(page, lateAbove: above))
    }

    private func follow(_ room: Room, _ style: Style) async {
        let (text, limit, isJSON) = (TimelineText(style), limit, output.isJSON)
        await Interruption.ending { () async in
            var following = Following()
            for await page in room.timeline(around: .newest, limit: limit) {
                let news = following.take(page)
                if isJSON {
                    for item in news { print(JSONText.line(FollowedRecord(item))) }
                } else if news.allSatisfy({ $0.kind == .first }) {
                    print(text.text(page))
                } else {
                    for item in news { print(text.followed(item)) }
                }
                fflush(nil)
            }
        }
    }
}
