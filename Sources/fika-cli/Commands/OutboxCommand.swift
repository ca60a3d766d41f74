import ArgumentParser
import Fika

struct OutboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "Show what was written here and is not yet accepted",
        discussion: """
            What is queued goes out by itself. What is held waits for a person of the
            other side; what is refused will never count. Both keep their text until you
            decide: discard them, or send them again as something new.

              fika outbox
              fika outbox discard a1b2c3:17
              fika outbox send-again a1b2c3:17
            """,
        subcommands: [List.self, Discard.self, SendAgain.self], defaultSubcommand: List.self)

    struct List: ReadingCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Show the items")
        @OptionGroup var store: StoreOptions
        @OptionGroup var output: OutputOptions

        func run(in session: Session) async throws(FikaError) {
            let items = try await session.workspace.outbox.items()
            session.answer(
                output, items.map { OutboxRecord($0) }, OutboxText(session.style).text(items))
        }
    }

    struct Discard: StoreCommand {
        static let configuration = CommandConfiguration(
            commandName: "discard", abstract: "Take a refused or held item out of the list")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The item")
        var item: String

        func run(in session: Session) async throws(FikaError) {
            try await session.workspace.outbox.discard(try await session.outboxItem(item))
        }
    }

    struct SendAgain: StoreCommand {
        static let configuration = CommandConfiguration(
            commandName: "send-again", abstract: "Write a refused or held item once more")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The item")
        var item: String

        func run(in session: Session) async throws(FikaError) {
            try await session.workspace.outbox.sendAgain(try await session.outboxItem(item))
        }
    }
}
