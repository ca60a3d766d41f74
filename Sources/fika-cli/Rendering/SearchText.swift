package import Fika

/// Renders what a search found.
package struct SearchText {
    private let style: Style

    package init(_ style: Style) {
        self.style = style
    }

    /// A line for each hit; `names` says what rooms are called.
    package func text(_ result: SearchResult, names: [RoomID: String]) -> String {
        var lines = result.hits.map { message in
            let room = names[message.id.room] ?? message.id.room.short
            let head = style.dim("\(style.time(message.time))  \(message.id.short.padded(to: 10))")
            let name = style.bold(PlainText.oneLine(message.author.name))
            return "\(head)  \(room)  \(name): \(PlainText.short(Self.text(message), 100))"
        }
        if lines.isEmpty { lines = ["nothing found"] }
        if result.isIncomplete {
            lines.append(style.dim("some rows are not yet in the index; there may be more"))
        }
        return lines.joined(separator: "\n")
    }

    private static func text(_ message: Message) -> String {
        if case .poll(let poll) = message.content { return poll.question }
        return message.text ?? ""
    }
}
