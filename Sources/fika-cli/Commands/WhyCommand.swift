import ArgumentParser
import Fika

struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Explain a message, a name, a membership or a vote by the ops behind it",
        discussion: """
            Each op is listed with what came of it (made, won, lost, ignored), the rule
            of Specs/ that says so, and the reason.

              fika why message a1b2c3:17
              fika why member '#Fredagsfika' omid
            """,
        subcommands: [OfMessage.self, OfName.self, OfMember.self, OfVote.self])

    struct OfMessage: ReadingCommand {
        static let configuration = CommandConfiguration(
            commandName: "message", abstract: "Why a message shows what it shows")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The message")
        var message: String
        @OptionGroup var output: OutputOptions

        func run(in session: Session) async throws(FikaError) {
            try await session.explain(.message(try await session.message(message).id), output)
        }
    }

    struct OfName: ReadingCommand {
        static let configuration = CommandConfiguration(
            commandName: "name", abstract: "Why a room has its name")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The room")
        var room: String
        @OptionGroup var output: OutputOptions

        func run(in session: Session) async throws(FikaError) {
            try await session.explain(.name(try await session.room(room).id), output)
        }
    }

    struct OfMember: ReadingCommand {
        static let configuration = CommandConfiguration(
            commandName: "member", abstract: "Why a user is in a room, or not")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The room")
        var room: String
        @Argument(help: "The user")
        var user: String
        @OptionGroup var output: OutputOptions

        func run(in session: Session) async throws(FikaError) {
            let room = try await session.room(room).id
            try await session.explain(.member(room, user: user), output)
        }
    }

    struct OfVote: ReadingCommand {
        static let configuration = CommandConfiguration(
            commandName: "vote", abstract: "Why a user's votes in a poll count as they do")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The poll")
        var poll: String
        @Argument(help: "The user")
        var user: String
        @OptionGroup var output: OutputOptions

        func run(in session: Session) async throws(FikaError) {
            let poll = try await session.message(poll).id
            try await session.explain(.vote(poll, user: user), output)
        }
    }
}

extension Session {
    fileprivate func explain(
        _ question: WhyQuestion, _ output: OutputOptions
    ) async throws(FikaError) {
        let explanation = try await workspace.inspection.why(question)
        answer(
            output, ExplanationRecord(explanation),
            InspectionText(style).explanation(explanation))
    }
}
