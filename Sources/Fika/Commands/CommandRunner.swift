import FikaChat
import FikaCRDT
import FikaLog
import FikaStore

/// Carries out commands in the process that holds the store.
struct CommandRunner {
    let store: Store
    var links = Links()
    let progress: (Int) -> Void

    private var me: UserID { store.profile.user }

    func run(_ command: Command) throws -> CommandOutcome {
        switch command {
        case .createRoom(let name, let about, let members, let kind):
            try createRoom(name: name, about: about, members: members, kind: kind)
        case .rename(let room, let name):
            try write(.name, body: try roomText(name, .name), to: room)
        case .describe(let room, let about):
            try write(.about, body: try roomText(about, .about), to: room)
        case .invite(let room, let user, let asModerator):
            try invite(user, to: room, asModerator: asModerator)
        case .remove(let room, let user): try remove(user, from: room)
        case .leave(let room): try write(.leave, to: room)
        case .privateChat(let user): try privateChat(with: user)
        case .send(let room, let text, let reply): try send(text, to: room, reply: reply)
        case .edit(let message, let text): try edit(message, text: text)
        case .delete(let message): try act(.delete, on: message)
        case .setReaction(let message, let emoji, let isOn):
            try react(to: message, emoji: emoji, isOn: isOn)
        case .setPin(let message, let isOn): try pin(message, isOn: isOn)
        case .createPoll(let room, let draft): try createPoll(draft, in: room)
        case .addOption(let poll, let text): try addOption(text, to: poll)
        case .vote(let poll, let options, let isOn): try vote(options, in: poll, isOn: isOn)
        case .markRead(let room, let first, let last):
            try markRead(room, from: first, upTo: last)
        case .importIRC(let files): try importIRC(files)
        case .export(let path, let rooms): try export(to: path, rooms: rooms)
        case .importExport(let path): try importExport(path)
        case .rebuild: try rebuild()
        case .discard(let first): try discard(first)
        case .sendAgain(let first): try sendAgain(first)
        case .setRelay(let address): try setRelay(address)
        case .wakeLinks: reportLinks(waking: true)
        case .reportLinks: reportLinks(waking: false)
        }
    }

    private func reportLinks(waking: Bool) -> CommandOutcome {
        let links = links.list
        if waking { for link in links { link.wake() } }
        return .links(links.map { LinkReport($0) })
    }

    /// Writes ops into one log, in one transaction.
    func write(_ drafts: [OpDraft], to room: RoomID) throws -> [OpID?] {
        try store.write { writer, db in try writer.write(drafts, to: room.log, db) }
    }

    private func write(
        _ kind: ChatKind, body: [UInt8] = [], to room: RoomID
    ) throws -> CommandOutcome {
        outcome(try write([OpDraft(kind, body: body)], to: room), in: room)
    }

    /// Writes an op that acts on another one.
    func act(
        _ kind: ChatKind, on message: MessageID, body: [UInt8] = []
    ) throws -> CommandOutcome {
        let draft = OpDraft(kind, target: message.op.dot, body: body)
        return outcome(try write([draft], to: message.room), in: message.room)
    }

    func outcome(_ ops: [OpID?], in room: RoomID) -> CommandOutcome {
        ops.first.flatMap { $0 }.map { .message(MessageID($0)) } ?? .done
    }

    func user(_ text: String) throws -> UserID {
        guard let user = UserID(text) else {
            throw FikaError(
                .invalidArgument,
                "a user's name has 1 to \(UserID.byteCountMaximum) bytes and no control characters")
        }
        return user
    }

    private func roomText(_ text: String, _ kind: ChatKind) throws -> [UInt8] {
        let limit = kind == .name ? Limits.nameBytesMaximum : Limits.aboutBytesMaximum
        try Self.check(text, limit: limit, what: kind == .name ? "a name" : "a description")
        return RoomText(text).body
    }

    /// Refuses a text that is too long, in words for people.
    static func check(_ text: String, limit: Int, what: String) throws {
        guard text.utf8.count <= limit else {
            throw FikaError(
                .invalidArgument, "\(what) has at most \(limit) bytes, not \(text.utf8.count)")
        }
    }
}
