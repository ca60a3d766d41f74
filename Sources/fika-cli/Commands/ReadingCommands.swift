import ArgumentParser
import Fika

struct ReadCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Mark a room as read",
        discussion: """
            All of it, or from one row to another. What came late and stands above the
            first row stays unread. Your other devices learn of it.
            """)
    @OptionGroup var store: StoreOptions
    @Argument(help: "The room")
    var room: String
    @Option(help: ArgumentHelp("The first row to mark", valueName: "message"))
    var from: String?
    @Option(help: ArgumentHelp("The last row to mark", valueName: "message"))
    var upTo: String?
    @OptionGroup var output: OutputOptions

    func run(in session: Session) async throws(FikaError) {
        var (first, last): (MessageID?, MessageID?)
        if let from { first = try await session.message(from).id }
        if let upTo { last = try await session.message(upTo).id }
        let count = try await session.room(room).markRead(from: first, upTo: last)
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
