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
    @Flag(help: "Show the newest rows, then what comes, until Ctrl-C")
    var follow = false
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...10_000).contains(limit) else {
            throw ValidationError("a page has 1 to 10000 rows")
        }
        let places = [before != nil, after != nil, around != nil, unread, follow]
        guard places.count(where: { $0 }) <= 1 else {
            throw ValidationError(
                "--before, --after, --around, --unread and --follow exclude each other")
        }
    }

    func run(in session: Session) async throws(FikaError) {
        let room = try await session.room(room)
        if follow { return await follow(room, session.style) }
        var anchor = unread ? PageAnchor.firstUnread : .newest
        if let before { anchor = .before(try await session.message(before).id) }
        if let after { anchor = .after(try await session.message(after).id) }
        if let around { anchor = .around(try await session.message(around).id) }
        let page = try await room.timeline(anchor, limit: limit)
        session.answer(output, PageRecord(page), TimelineText(session.style).text(page))
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
