import ArgumentParser
import Fika
import Foundation

struct SendCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Write a message",
        discussion: """
            It is on disk when the command ends; its short id is printed. '@name'
            mentions a member. A text of - is read from standard input.

              fika send '#Fredagsfika' 'Kanelbullar eller semlor, @omid?'
            """)
    @OptionGroup var store: StoreOptions
    @Argument(help: "The room")
    var room: String
    @Argument(help: "The text, at most 32 KiB; several words are joined with spaces")
    var text: [String]
    @OptionGroup var output: OutputOptions

    func run(in session: Session) async throws(FikaError) {
        let room = try await session.room(room)
        let sent = try await room.send(try MessageText.joined(text))
        session.answer(output, WrittenRecord(message: sent.id), sent.id.short)
    }
}

struct ReplyCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "reply", abstract: "Answer a message",
        discussion: "  fika reply a1b2c3:17 'Semlor!'")
    @OptionGroup var store: StoreOptions
    @Argument(help: "The message to answer")
    var message: String
    @Argument(help: "The text")
    var text: [String]
    @OptionGroup var output: OutputOptions

    func run(in session: Session) async throws(FikaError) {
        let message = try await session.message(message)
        let room = session.workspace.room(message.id.room)
        let sent = try await room.reply(to: message.id, try MessageText.joined(text))
        session.answer(output, WrittenRecord(message: sent.id), sent.id.short)
    }
}

struct EditCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Replace the text of a message of your own")
    @OptionGroup var store: StoreOptions
    @Argument(help: "The message")
    var message: String
    @Argument(help: "The whole new text")
    var text: [String]

    func run(in session: Session) async throws(FikaError) {
        let message = try await session.message(message)
        let room = session.workspace.room(message.id.room)
        try await room.edit(message.id, try MessageText.joined(text))
    }
}

struct DeleteCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a message for everybody",
        discussion: "Its text is destroyed wherever the delete arrives; a stub stays.")
    @OptionGroup var store: StoreOptions
    @Argument(help: "The message")
    var message: String

    func run(in session: Session) async throws(FikaError) {
        let message = try await session.message(message)
        try await session.workspace.room(message.id.room).delete(message.id)
    }
}

struct ReactCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "react", abstract: "React to a message with an emoji",
        discussion: "  fika react a1b2c3:17 👍\n  fika react a1b2c3:17 👍 --off")
    @OptionGroup var store: StoreOptions
    @Argument(help: "The message")
    var message: String
    @Argument(help: "The emoji, at most 64 bytes")
    var emoji: String
    @Flag(help: "Take the reaction back")
    var off = false

    func run(in session: Session) async throws(FikaError) {
        let message = try await session.message(message)
        try await session.workspace.room(message.id.room).setReaction(
            emoji, on: !off, for: message.id)
    }
}

struct PinCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin", abstract: "Pin a message for everybody")
    @OptionGroup var store: StoreOptions
    @Argument(help: "The message")
    var message: String
    @Flag(help: "Unpin it")
    var off = false

    func run(in session: Session) async throws(FikaError) {
        let message = try await session.message(message)
        let room = session.workspace.room(message.id.room)
        if off {
            try await room.unpin(message.id)
        } else {
            try await room.pin(message.id)
        }
    }
}

/// The text of a message as arguments give it.
enum MessageText {
    /// A message has at most 32 KiB; what is read is bounded before it is refused.
    private static let bytesMaximum = 1 << 20

    static func joined(_ words: [String]) throws(FikaError) -> String {
        guard words == ["-"] else { return words.joined(separator: " ") }
        guard let data = try? FileHandle.standardInput.read(upToCount: bytesMaximum),
            let text = String(validating: data, as: UTF8.self)
        else { throw FikaError(.malformedInput, "standard input is not valid UTF-8") }
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
}
