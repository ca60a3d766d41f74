import FikaCRDT
import FikaLog
import FikaWire

extension ByteWriter {
    mutating func write(logKind: LogKind) {
        switch logKind {
        case .unknown: write(bytes: [0, 0])
        case .privateChat: write(bytes: [1, 0])
        case .personal: write(bytes: [2, 0])
        case .directory: write(bytes: [3, 0])
        case .room(let kind): write(bytes: [4, kind.rawValue])
        }
    }

    mutating func write(row: TimelineRow) {
        write(dot: row.id)
        write(fixed64: row.stamp.time.raw)
        write(bytes: row.stamp.replica.bytes)
        write(author: row.author)
        write(content: row.content)
        write(bool: row.isEdited)
        write(varint: UInt64(row.reactions.count))
        for reaction in row.reactions {
            write(text: reaction.emoji)
            write(users: reaction.users)
        }
        write(bool: row.pin != nil)
        if let pin = row.pin {
            write(text: pin.by.text)
            write(fixed64: pin.time.raw)
        }
    }

    private mutating func write(author: Author) {
        switch author {
        case .user(let user):
            write(byte: 0)
            write(text: user.text)
        case .imported(let name, let importer):
            write(byte: 1)
            write(text: name)
            write(text: importer.text)
        }
    }

    private mutating func write(content: RowContent) {
        switch content {
        case .deleted:
            write(byte: 0)
        case .message(let text, let mentions, let reply):
            write(byte: 1)
            write(text: text)
            write(users: mentions)
            write(bool: reply != nil)
            if let reply { write(dot: reply) }
        case .imported(let type, let text):
            write(byte: 2)
            write(byte: type.rawValue)
            write(text: text)
        case .poll(let poll):
            write(byte: 3)
            write(poll: poll)
        case .system(let event):
            write(byte: 4)
            write(event: event)
        }
    }

    private mutating func write(poll: PollState) {
        var settings: PollSettings = []
        if poll.allowsMultiple { settings.insert(.allowsMultiple) }
        if poll.anyoneAdds { settings.insert(.anyoneAdds) }
        if poll.anyoneEdits { settings.insert(.anyoneEdits) }
        write(byte: settings.rawValue)
        write(text: poll.question)
        write(varint: UInt64(poll.options.count))
        for option in poll.options {
            option.option.encode(to: &self)
            write(text: option.text)
            write(users: option.voters)
        }
    }

    private mutating func write(event: SystemEvent) {
        switch event {
        case .created(let name):
            write(byte: 0)
            write(text: name)
        case .granted(let user, let role):
            write(byte: 1)
            write(text: user.text)
            write(byte: role.rawValue)
        case .revoked(let user):
            write(byte: 2)
            write(text: user.text)
        case .left:
            write(byte: 3)
        case .named(let name):
            write(byte: 4)
            write(text: name)
        case .about(let about):
            write(byte: 5)
            write(text: about)
        }
    }

    private mutating func write(users: [UserID]) {
        write(varint: UInt64(users.count))
        for user in users { write(text: user.text) }
    }
}
