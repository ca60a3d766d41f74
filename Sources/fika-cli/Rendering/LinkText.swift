package import Fika

/// Says how links and stores stand.
package struct LinkText {
    private let style: Style

    package init(_ style: Style) {
        self.style = style
    }

    /// A state in a few words.
    package func words(_ state: Link.State) -> String {
        switch state {
        case .offline(let next):
            next.map { style.bad("offline") + ", next attempt at \(style.timeOfDay($0))" }
                ?? style.bad("offline")
        case .connecting: "connecting"
        case .syncing(_, let total) where total == 0: "syncing"
        case .syncing(let done, let total): "syncing, \(done) of \(total)"
        case .upToDate: style.good("up to date")
        case .refused(let error):
            style.bad("refused") + ": \(PlainText.oneLine(error.message))"
        }
    }

    /// Rooms that may have no name here.
    package func names(_ rooms: [RoomID]) -> String {
        (rooms.count == 1 ? "the room " : "the rooms ")
            + rooms.map(\.short).joined(separator: ", ")
    }

    private func words(_ link: LinkReport) -> String {
        switch link.phase {
        case .offline:
            link.nextAttempt.map {
                style.bad("offline") + ", next attempt at \(style.timeOfDay($0))"
            } ?? style.bad("offline")
        case .connecting: "connecting"
        case .syncing: link.total == 0 ? "syncing" : "syncing, \(link.done) of \(link.total)"
        case .upToDate:
            style.good("up to date")
                + (link.unknownRooms.isEmpty
                    ? "" : "; it does not know \(names(link.unknownRooms))")
        case .refused: style.bad("refused") + ": \(PlainText.oneLine(link.reason ?? ""))"
        }
    }

    /// What stays in the outbox, for the end of a line.
    package func leftover(_ status: WorkspaceStatus) -> String {
        var parts: [String] = []
        if status.queued > 0 { parts.append("\(status.queued) queued") }
        if status.held > 0 { parts.append("\(status.held) held") }
        if status.refused > 0 { parts.append("\(status.refused) refused") }
        return parts.isEmpty ? "" : "; in the outbox: " + parts.joined(separator: ", ")
    }

    /// All of it, a line for each thing, with the outbox's items below.
    package func text(_ status: WorkspaceStatus, _ items: [OutboxItem]) -> String {
        var table = Table()
        let device = status.device.isEmpty ? "" : " on \(PlainText.oneLine(status.device))"
        table.add("user", status.user + device)
        table.add("store", "of workspace \(status.workspace)")
        if status.links.isEmpty {
            table.add("link", status.isHeld ? "none in the process that has the store" : "none")
        }
        for link in status.links { table.add("link", "\(link.address): \(words(link))") }
        table.add("relay", status.relay?.description ?? "none is known yet")
        if let key = status.relayKey { table.add("key", key) }
        if let epoch = status.epoch { table.add("epoch", epoch) }
        if let time = status.completeUntil { table.add("complete", "until \(style.time(time))") }
        if let correction = status.clockCorrection {
            table.add("clock", correction == 0 ? "as the relay's" : "\(correction) s corrected")
        }
        table.add("logs", "\(status.logs)")
        for gap in status.gaps {
            table.add("gap", "\(PlainText.oneLine(gap.name)): \(gap.missing) ops are missing")
        }
        let outbox =
            items.isEmpty ? "empty" : leftover(status).replacing("; in the outbox: ", with: "")
        table.add("outbox", outbox)
        return items.isEmpty ? table.text : table.text + "\n" + OutboxText(style).text(items)
    }
}
