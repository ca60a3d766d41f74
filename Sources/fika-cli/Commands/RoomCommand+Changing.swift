import ArgumentParser
import Fika

extension RoomCommand {
    struct Rename: StoreCommand {
        static let configuration = CommandConfiguration(abstract: "Name a room anew")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The room")
        var room: String
        @Argument(help: "The new name, at most 256 bytes")
        var name: String

        func run(in session: Session) async throws(FikaError) {
            try await session.room(room).rename(name)
        }
    }

    struct Describe: StoreCommand {
        static let configuration = CommandConfiguration(abstract: "Say what a room is about")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The room")
        var room: String
        @Argument(help: "What it is about, at most 2048 bytes")
        var about: String

        func run(in session: Session) async throws(FikaError) {
            try await session.room(room).describe(about)
        }
    }

    struct Invite: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a user into a room",
            discussion: "  fika room invite '#Fredagsfika' vera --moderator")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The room")
        var room: String
        @Argument(help: "The user")
        var user: String
        @Flag(help: "As a moderator, who may remove others and delete what they wrote")
        var moderator = false

        func run(in session: Session) async throws(FikaError) {
            try await session.room(room).invite(user, asModerator: moderator)
        }
    }

    struct Remove: StoreCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a user from a room")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The room")
        var room: String
        @Argument(help: "The user")
        var user: String

        func run(in session: Session) async throws(FikaError) {
            try await session.room(room).remove(user)
        }
    }

    struct Leave: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract: "Leave a room; what is held of it stays readable")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The room")
        var room: String

        func run(in session: Session) async throws(FikaError) {
            try await session.room(room).leave()
        }
    }
}
