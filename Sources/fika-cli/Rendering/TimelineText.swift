package import Fika
import Foundation

/// Renders timelines.
package struct TimelineText {
    private let style: Style

    package init(_ style: Style) {
        self.style = style
    }

    /// A page with a line for each day and gaps told.
    package func text(_ page: TimelinePage, lateAbove: [Message] = []) -> String {
        var lines: [String] = []
        if let late = line(lateAbove: lateAbove) { lines.append(style.accent(late)) }
        if page.missing > 0 {
            let ops = page.missing == 1 ? "1 op is" : "\(page.missing) ops are"
            lines.append(style.dim("… not all is here: \(ops) missing"))
        }
        if page.hasOlder { lines.append(style.dim("… older rows above")) }
        var day = ""
        var hasUnread = false
        for message in page.rows {
            let today = style.day(message.time)
            if today != day {
                lines.append(style.dim("── \(today) ──"))
                day = today
            }
            if message.isUnread, !hasUnread {
                lines.append(style.accent("── unread ──"))
                hasUnread = true
            }
            lines.append(row(message))
        }
        if page.hasNewer { lines.append(style.dim("… newer rows below")) }
        return lines.isEmpty ? "nothing has been said here" : lines.joined(separator: "\n")
    }

    private func line(lateAbove: [Message]) -> String? {
        guard let first = lateAbove.first?.time, let last = lateAbove.last?.time else { return nil }
        let from = "\(style.day(first)) \(style.timeOfDay(first))"
        guard lateAbove.count > 1 else {
            return "^ a row further up came late, said \(from): see it with --late"
        }
        let isOneDay = style.day(first) == style.day(last)
        let to = isOneDay ? style.timeOfDay(last) : "\(style.day(last)) \(style.timeOfDay(last))"
        return "^ \(lateAbove.count) rows further up came late, said \(from) to \(to): "
            + "see them with --late"
    }

    /// A row of a timeline that is followed, with a mark that says why it is shown.
    package func followed(_ item: Following.Item) -> String {
        let mark =
            switch item.kind {
            case .first: " "
            case .new: style.good("+")
            case .late: style.accent("^")
            case .changed: style.dim("~")
            }
        return "\(mark) \(row(item.message))"
    }

    /// One row, with what stands below it.
    package func row(_ message: Message) -> String {
        let head =
            style.dim("\(style.timeOfDay(message.time))  \(message.id.short.padded(to: 10))  ")
        var line = head + body(message)
        if message.isEdited { line += style.dim(" (edited)") }
        if let delivery = message.delivery.flatMap(DeliveryText.mark) {
            line += style.dim(" \(delivery)")
        }
        let indent = "\n" + String(repeating: " ", count: 19)
        for part in below(message) { line += indent + style.dim(part) }
        return line
    }

    private func body(_ message: Message) -> String {
        let name = style.bold(PlainText.oneLine(message.author.name))
        switch message.content {
        case .text(let text, _, let reply):
            let answer = reply.map { style.dim("↳ \($0.short) ") } ?? ""
            return "\(name): \(answer)\(indented(text))"
        case .imported(let type, let text):
            switch type {
            case .message: return "\(name): \(indented(text))"
            case .notice: return "-\(name)- \(indented(text))"
            case .action: return "* \(name) \(indented(text))"
            case .event: return style.dim("• \(PlainText.oneLine(text))")
            }
        case .poll(let poll): return "\(name) asks:\n" + PollText(style).text(poll, indent: 19)
        case .deleted: return "\(name): \(style.dim("(deleted)"))"
        case .event(let event):
            return style.dim("• \(PlainText.oneLine(message.author.name)) \(words(event))")
        }
    }

    private func below(_ message: Message) -> [String] {
        var parts: [String] = []
        if !message.reactions.isEmpty {
            parts.append(
                message.reactions.map { reaction in
                    let users = reaction.users.map(PlainText.oneLine).joined(separator: ", ")
                    return "\(PlainText.oneLine(reaction.emoji)) \(users)"
                }.joined(separator: "   "))
        }
        if let user = message.pinnedBy { parts.append("pinned by \(PlainText.oneLine(user))") }
        return parts
    }

    private func indented(_ text: String) -> String {
        PlainText.safe(text).replacing("\n", with: "\n" + String(repeating: " ", count: 19))
    }

    private func words(_ event: Message.Event) -> String {
        switch event {
        case .created(let name): "made the room “\(PlainText.oneLine(name))”"
        case .invited(let user, let asModerator):
            "let \(PlainText.oneLine(user)) in\(asModerator ? " as moderator" : "")"
        case .removed(let user): "removed \(PlainText.oneLine(user))"
        case .left: "left"
        case .renamed(let name): "named the room “\(PlainText.oneLine(name))”"
        case .described(let about): "said what it is about: \(PlainText.short(about, 60))"
        }
    }
}

extension String {
    /// The text with spaces up to a width.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
