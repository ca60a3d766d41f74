import ArgumentParser
import Fika

struct PollCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "poll", abstract: "Ask, vote, count",
        discussion: """
              fika poll create '#Fredagsfika' 'Vad tar vi?' Kanelbullar Semlor
              fika poll vote a1b2c3:18 2
              fika poll show a1b2c3:18
            """,
        subcommands: [Create.self, Vote.self, Add.self, Show.self])

    struct Create: StoreCommand {
        static let configuration = CommandConfiguration(abstract: "Make a poll")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The room")
        var room: String
        @Argument(help: "The question")
        var question: String
        @Argument(help: "The options, at most 64")
        var options: [String] = []
        @Flag(help: "One person may vote for several options")
        var multiple = false
        @Flag(help: "Every member may add options")
        var anyoneAdds = false
        @Flag(help: "Every member may change question and options")
        var anyoneEdits = false
        @OptionGroup var output: OutputOptions

        func run(in session: Session) async throws(FikaError) {
            let sent = try await session.room(room).createPoll(
                Command.PollDraft(
                    question: question, options: options, allowsMultiple: multiple,
                    anyoneAdds: anyoneAdds, anyoneEdits: anyoneEdits))
            session.answer(output, WrittenRecord(message: sent.id), sent.id.short)
        }
    }

    struct Vote: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract: "Vote for options by their numbers",
            discussion: "In a poll with one answer the latest vote counts.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The poll")
        var poll: String
        @Argument(help: "The numbers of the options, as `poll show` gives them")
        var numbers: [Int]
        @Flag(help: "Take the votes back")
        var off = false

        func run(in session: Session) async throws(FikaError) {
            let poll = try await session.message(poll)
            try await session.workspace.room(poll.id.room).vote(numbers, on: !off, in: poll.id)
        }
    }

    struct Add: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an option to a poll that allows it")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The poll")
        var poll: String
        @Argument(help: "The option")
        var text: String

        func run(in session: Session) async throws(FikaError) {
            let poll = try await session.message(poll)
            try await session.workspace.room(poll.id.room).addOption(text, to: poll.id)
        }
    }

    struct Show: ReadingCommand {
        static let configuration = CommandConfiguration(abstract: "Show a poll as it stands")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The poll")
        var poll: String
        @OptionGroup var output: OutputOptions

        func run(in session: Session) async throws(FikaError) {
            let message = try await session.message(poll)
            guard case .poll(let poll) = message.content else {
                throw FikaError(.notFound, "\(message.id.short) is no poll, or is deleted")
            }
            session.answer(output, PollRecord(poll), PollText(session.style).text(poll))
        }
    }
}
