import FikaChat
import FikaCRDT
import FikaLog
import FikaStore

extension CommandRunner {
    func send(_ text: String, to room: RoomID, reply: MessageID?) throws -> CommandOutcome {
        try Self.checkText(text)
        if let reply, reply.room != room {
            throw FikaError(.invalidArgument, "a reply is written in the room of what it answers")
        }
        let ops = try store.write { writer, db in
            let body = try self.body(text, in: room.log, writer.history(of: room.log, db))
            return try writer.write(
                [OpDraft(.message, target: reply?.op.dot, body: body)], to: room.log, db)
        }
        return outcome(ops, in: room)
    }

    func edit(_ message: MessageID, text: String) throws -> CommandOutcome {
        try Self.checkText(text)
        let log = message.op.log
        let ops = try store.write { writer, db in
            let body = try self.body(text, in: log, writer.history(of: log, db))
            return try writer.write(
                [OpDraft(.edit, target: message.op.dot, body: body)], to: log, db)
        }
        return outcome(ops, in: message.room)
    }

    func react(to message: MessageID, emoji: String, isOn: Bool) throws -> CommandOutcome {
        guard (1...Limits.emojiBytesMaximum).contains(emoji.utf8.count) else {
            throw FikaError(
                .invalidArgument, "a reaction has 1 to \(Limits.emojiBytesMaximum) bytes")
        }
        return try act(.reaction, on: message, body: Reaction(emoji, isOn: isOn).body)
    }

    func pin(_ message: MessageID, isOn: Bool) throws -> CommandOutcome {
        if isOn { return try act(.pin, on: message) }
        return try store.write { writer, db in
            let pins = try writer.livePins(of: message.op, db)
            guard !pins.isEmpty else { return .done }
            let draft = OpDraft(
                .unpin, target: message.op.dot, body: Unpin(pins: pins.prefix(256)).body)
            return outcome(
                try writer.write([draft], to: message.op.log, db), in: message.room)
        }
    }

    private func body(
        _ text: String, in log: LogID, _ history: AccessHistory
    ) throws -> [UInt8] {
        let mentions = Mentions.users(in: text, members: history.members.map(\.user))
        return MessageBody(text: text, mentions: mentions.prefix(Limits.mentionsMaximum)).body
    }

    private static func checkText(_ text: String) throws {
        guard !text.isEmpty else { throw FikaError(.invalidArgument, "a message needs a text") }
        try check(text, limit: Limits.textBytesMaximum, what: "a message")
    }
}
