import ArgumentParser
import Fika

struct TimelineCommand: ReadingCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline", abstract: "Show a page of a room's timeline",
        discussion: """
            The newest rows, unless said otherwise. Each row has its time, its short id
            and what it says; what is written here and not yet accepted says so.

              fika timeline '#Fredagsfika' --limit 20
              fika timeline '#Fredagsfika' --before a1b2c3:17
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
    @Flag(help: "Begin a little above the first unread row")
    var unread = false
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...10_000).contains(limit) else {
            throw ValidationError("a page has 1 to 10000 rows")
        }
        guard [before != nil, after != nil, unread].count(where: { $0 }) <= 1 else {
            throw ValidationError("--before, --after and --unread exclude each other")
        }
    }

    func run(in session: Session) async throws(FikaError) {
        var anchor = unread ? PageAnchor.firstUnread : .newest
        if let before { anchor = .before(try await session.message(before).id) }
        if let after { anchor = .after(try await session.message(after).id) }
        let page = try await session.room(room).timeline(anchor, limit: limit)
        session.answer(output, PageRecord(page), TimelineText(session.style).text(page))
    }
}

struct ReadCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Mark a room as read",
        discussion: "All of it, or up to a row. Your other devices learn of it.")
    @OptionGroup var store: StoreOptions
    @Argument(help: "The room")
    var room: String
    @Option(help: ArgumentHelp("The last row to mark", valueName: "message"))
    var upTo: String?
    @OptionGroup var output: OutputOptions

    func run(in session: Session) async throws(FikaError) {
        var last: MessageID?
        if let upTo { last = try await session.message(upTo).id }
        let count = try await session.room(room).markRead(upTo: last)
        let words = count == 1 ? "1 row is read now" : "\(count) rows are read now"
        session.answer(output, DoneRecord(read: count), words)
    }
}

struct SearchCommand: ReadingCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Search the texts of all rooms",
        discussion: """
            All words must be there; case and diacritics do not matter, and the last
            word may be only begun.

              fika search raksmorgas
            """)
    @OptionGroup var store: StoreOptions
    @Argument(help: "The words")
    var words: [String]
    @Option(help: "Only in this room")
    var room: String?
    @Option(help: "The most hits")
    var limit = 50
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...10_000).contains(limit) else {
            throw ValidationError("a search gives 1 to 10000 hits")
        }
    }

    func run(in session: Session) async throws(FikaError) {
        var scope: RoomID?
        if let room { scope = try await session.room(room).id }
        let result = try await session.workspace.search(
            words.joined(separator: " "), in: scope, limit: limit)
        let names = try await session.workspace.roomList().map { ($0.id, RoomText.name($0)) }
        session.answer(
            output,
            SearchRecord(
                hits: result.hits.map { MessageRecord($0) }, isIncomplete: result.isIncomplete),
            SearchText(session.style).text(
                result, names: Dictionary(names) { first, _ in first }))
    }
}

struct OutboxCommand: ReadingCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "Show what was written here and is not yet accepted")
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run(in session: Session) async throws(FikaError) {
        let items = try await session.workspace.outbox.items()
        session.answer(
            output, items.map { OutboxRecord($0) }, OutboxText(session.style).text(items))
    }
}
