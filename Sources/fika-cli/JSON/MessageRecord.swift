package import Fika
package import Foundation

/// A row of a timeline as `--json` writes it.
package struct MessageRecord: Encodable {
    package let id: MessageID
    package let short: String
    package let room: RoomID
    package let author: String
    package let importedBy: String?
    package let time: Date
    package let acceptedAt: Date?
    /// message, imported, poll, deleted or event.
    package let type: String
    package let text: String?
    package let importedType: String?
    package let mentions: [String]?
    package let reply: MessageID?
    package let poll: PollRecord?
    package let event: String?
    package let user: String?
    package let isEdited: Bool
    package let isUnread: Bool
    package let pinnedBy: String?
    package let reactions: [Message.Reaction]
    package let delivery: String?

    package init(_ message: Message) {
        id = message.id
        short = message.id.short
        room = message.id.room
        author = message.author.name
        if case .imported(_, let by) = message.author { importedBy = by } else { importedBy = nil }
        time = message.time
        acceptedAt = message.acceptedAt
        isEdited = message.isEdited
        isUnread = message.isUnread
        pinnedBy = message.pinnedBy
        reactions = message.reactions
        delivery = message.delivery.map(DeliveryText.word)
        let parts = Parts(message.content)
        type = parts.type
        text = parts.text
        importedType = parts.importedType
        mentions = parts.mentions
        reply = parts.reply
        poll = parts.poll
        event = parts.event
        user = parts.user
    }

    private struct Parts {
        var type: String
        var text: String?
        var importedType: String?
        var mentions: [String]?
        var reply: MessageID?
        var poll: PollRecord?
        var event: String?
        var user: String?

        init(_ content: Message.Content) {
            switch content {
            case .text(let text, let mentions, let reply):
                self.init(type: "message", text: text, mentions: mentions, reply: reply)
            case .imported(let type, let text):
                self.init(type: "imported", text: text, importedType: type.rawValue)
            case .poll(let poll):
                self.init(type: "poll", text: poll.question, poll: PollRecord(poll))
            case .deleted: self.init(type: "deleted")
            case .event(let event): self.init(event)
            }
        }

        private init(_ event: Message.Event) {
            switch event {
            case .created(let name): self.init(type: "event", text: name, event: "created")
            case .invited(let user, let asModerator):
                self.init(
                    type: "event", event: asModerator ? "invitedAsModerator" : "invited",
                    user: user)
            case .removed(let user): self.init(type: "event", event: "removed", user: user)
            case .left: self.init(type: "event", event: "left")
            case .renamed(let name): self.init(type: "event", text: name, event: "renamed")
            case .described(let about): self.init(type: "event", text: about, event: "described")
            }
        }

        private init(
            type: String, text: String? = nil, importedType: String? = nil,
            mentions: [String]? = nil, reply: MessageID? = nil, poll: PollRecord? = nil,
            event: String? = nil, user: String? = nil
        ) {
            self.type = type
            self.text = text
            self.importedType = importedType
            self.mentions = mentions
            self.reply = reply
            self.poll = poll
            self.event = event
            self.user = user
        }
    }
}

/// A poll as `--json` writes it.
package struct PollRecord: Encodable {
    package let question: String
    package let allowsMultiple: Bool
    package let anyoneAdds: Bool
    package let anyoneEdits: Bool
    package let voters: Int
    package let options: [Option]

    package struct Option: Encodable {
        package let number: Int
        package let text: String
        package let voters: [String]
    }

    package init(_ poll: Poll) {
        question = poll.question
        allowsMultiple = poll.allowsMultiple
        anyoneAdds = poll.anyoneAdds
        anyoneEdits = poll.anyoneEdits
        voters = poll.voterCount
        options = poll.options.enumerated().map {
            Option(number: $0.offset + 1, text: $0.element.text, voters: $0.element.voters)
        }
    }
}
