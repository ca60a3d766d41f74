package import Fika

/// Renders rooms.
package struct RoomText {
    private let style: Style

    package init(_ style: Style) {
        self.style = style
    }

    /// The list of rooms: unread counts, names and newest rows.
    package func list(_ rooms: [RoomSummary]) -> String {
        guard !rooms.isEmpty else {
            return "no rooms yet: fika room create NAME"
        }
        var table = Table()
        for room in rooms {
            table.add(
                room.id.short, Self.name(room), unread(room), room.last.map(Self.preview) ?? "")
        }
        return table.text
    }

    /// One room with its members.
    package func details(_ room: RoomSummary, _ members: [RoomMember]) -> String {
        var lines = [style.bold(Self.name(room)), "id       \(room.id)", "kind     \(room.kind)"]
        if !room.about.isEmpty { lines.append("about    \(PlainText.oneLine(room.about))") }
        let names = members.map {
            PlainText.oneLine($0.user) + ($0.isModerator ? " (moderator)" : "")
        }
        lines.append("members  \(names.joined(separator: ", "))")
        let atLeast = room.isComplete ? "" : "at least "
        lines.append("rows     \(atLeast)\(room.rowCount), unread \(atLeast)\(room.unreadCount)")
        if !room.isMember { lines.append("you are not a member") }
        return lines.joined(separator: "\n")
    }

    static func name(_ room: RoomSummary) -> String {
        let name = PlainText.oneLine(room.name)
        return room.kind == .privateChat ? "@\(name)" : "#\(name)"
    }

    private func unread(_ room: RoomSummary) -> String {
        guard room.isMember else { return "(left)" }
        let mentions = room.mentionCount > 0 ? " @\(room.mentionCount)" : ""
        let more = room.isComplete ? "" : "+"
        return room.unreadCount > 0 ? "\(room.unreadCount)\(more) unread\(mentions)" : ""
    }

    private static func preview(_ message: Message) -> String {
        let name = PlainText.oneLine(message.author.name)
        switch message.content {
        case .text(let text, _, _), .imported(_, let text):
            return "\(name): \(PlainText.short(text, 48))"
        case .poll(let poll): return "\(name) asks: \(PlainText.short(poll.question, 40))"
        case .deleted: return "\(name): (deleted)"
        case .event: return ""
        }
    }
}
