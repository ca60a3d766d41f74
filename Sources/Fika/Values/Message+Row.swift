import FikaChat
import FikaCRDT
import FikaLog
import FikaStore
import Foundation

extension Date {
    /// The time that milliseconds since 1970-01-01 UTC mean.
    init(milliseconds: UInt64) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }
}

extension Message {
    init(_ stored: StoredRow, in log: LogID, viewer: UserID) {
        self.init(stored.row, in: log)
        time = Date(milliseconds: stored.shownMilliseconds)
        if case .accepted(_, let milliseconds) = stored.delivery {
            acceptedAt = Date(milliseconds: milliseconds)
        }
        isUnread = stored.isUnread
        delivery = stored.writer == viewer ? Delivery(stored.delivery) : nil
    }

    /// A row without what this user alone sees of it.
    init(_ row: TimelineRow, in log: LogID) {
        id = MessageID(log, row.id)
        author =
            switch row.author {
            case .user(let user): .user(user.text)
            case .imported(let name, let importer): .imported(name: name, by: importer.text)
            }
        time = Date(milliseconds: row.stamp.time.milliseconds)
        acceptedAt = nil
        content = Content(row.content, in: log)
        isEdited = row.isEdited
        reactions = row.reactions.map {
            Reaction(emoji: $0.emoji, users: $0.users.map(\.text))
        }
        pinnedBy = row.pin?.by.text
        isUnread = false
        delivery = nil
    }
}

extension Delivery {
    init(_ delivery: StoredRow.Delivery) {
        switch delivery {
        case .unsealed, .pending: self = .queued
        case .accepted(_, let milliseconds): self = .accepted(at: Date(milliseconds: milliseconds))
        case .held: self = .held
        case .refused(let reason): self = .refused(reason: reason.map { "\($0)" } ?? "unknown")
        }
    }

    init(_ entry: OutboxEntry) {
        switch entry.state {
        case .queued: self = .queued
        case .held: self = .held
        case .refused: self = .refused(reason: entry.reason.map { "\($0)" } ?? "unknown")
        }
    }
}

extension Message.Content {
    init(_ content: RowContent, in log: LogID) {
        switch content {
        case .message(let text, let mentions, let reply):
            self = .text(
                text, mentions: mentions.map(\.text), reply: reply.map { MessageID(log, $0) })
        case .imported(let type, let text): self = .imported(.init(type), text: text)
        case .poll(let state): self = .poll(Poll(state, in: log))
        case .deleted: self = .deleted
        case .system(let event): self = .event(.init(event))
        }
    }
}

extension Message.ImportedType {
    init(_ type: ImportedType) {
        switch type {
        case .message: self = .message
        case .action: self = .action
        case .notice: self = .notice
        case .event: self = .event
        }
    }
}

extension Message.Event {
    init(_ event: SystemEvent) {
        switch event {
        case .created(let name): self = .created(name: name)
        case .granted(let user, let role):
            self = .invited(user: user.text, asModerator: role == .moderator)
        case .revoked(let user): self = .removed(user: user.text)
        case .left: self = .left
        case .named(let name): self = .renamed(name)
        case .about(let about): self = .described(about)
        }
    }
}

extension Poll {
    init(_ state: PollState, in log: LogID) {
        question = state.question
        allowsMultiple = state.allowsMultiple
        anyoneAdds = state.anyoneAdds
        anyoneEdits = state.anyoneEdits
        options = state.options.map {
            Option(
                text: $0.text, voters: $0.voters.map(\.text),
                reference: OptionReference($0.option, in: log))
        }
    }
}
