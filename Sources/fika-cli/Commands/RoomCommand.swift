import ArgumentParser
import Fika

struct RoomCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "room",
        abstract: "Make rooms, look at them, let people in and out",
        subcommands: [
            Create.self, List.self, Show.self, Rename.self, Describe.self, Invite.self,
            Remove.self, Leave.self,
        ],
        defaultSubcommand: List.self)

    struct Create: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a room",
            discussion: "  fika room create Fredagsfika --about 'Vem tar med bullar?' --member omid"
        )
        @OptionGroup var store: StoreOptions
        @Argument(help: "The room's name, at most 256 bytes")
        var name: String
        @Option(help: "What the room is about")
        var about: String = ""
        @Option(
            name: .customLong("member"),
            help: ArgumentHelp("A user to let in; may be repeated", valueName: "user"))
        var members: [String] = []
        @Option(help: "room, visitor or event")
        var kind: RoomKindArgument = .room
        @OptionGroup var output: OutputOptions

        func run(in session: Session) async throws(FikaError) {
            let room = try await session.workspace.createRoom(
                name, about: about, members: members, kind: kind.kind)
            session.answer(output, WrittenRecord(room: room.id), room.id.short)
        }
    }

    struct List: ReadingCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the rooms and private chats, the latest first")
        @OptionGroup var store: StoreOptions
        @OptionGroup var output: OutputOptions

        func run(in session: Session) async throws(FikaError) {
            let rooms = try await session.workspace.roomList()
            session.answer(
                output, rooms.map { RoomRecord($0) }, RoomText(session.style).list(rooms))
        }
    }

    struct Show: ReadingCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a room: its id, what it is about, its members")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The room")
        var room: String
        @OptionGroup var output: OutputOptions

        func run(in session: Session) async throws(FikaError) {
            let room = try await session.room(room)
            let summary = try await room.summary()
            let members = try await room.members()
            session.answer(
                output, RoomRecord(summary, members: members),
                RoomText(session.style).details(summary, members))
        }
    }
}

/// What a room may be made for.
enum RoomKindArgument: String, ExpressibleByArgument, CaseIterable {
    case room
    case visitor
    case event

    var kind: RoomSummary.Kind {
        switch self {
        case .room: .room
        case .visitor: .visitor
        case .event: .event
        }
    }
}
