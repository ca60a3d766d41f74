import FikaChat
import FikaCRDT
import FikaLog
import FikaStore
import Foundation

/// Reads a store on one connection and gives the values of this API.
struct WorkspaceReader {
    let profile: StoreProfile
    let queries: ViewQueries
    let inspector: LogInspector
    let access: AccessInspector
    let finding: ReplicaFinding
    let outboxQuery: OutboxQuery
    let settings: Settings
    let sync: SyncQueries

    /// Rooms and private chats: sticky ones first, muted ones last, else by their newest row.
    func rooms() throws -> [RoomSummary] {
        let rows = try queries.rooms().filter { !$0.flags.contains(.hidden) }
        let sticky = rows.filter { $0.flags.contains(.sticky) }
        let muted = rows.filter { $0.flags == [.muted] }
        let rest = rows.filter { $0.flags.isEmpty }
        return try (sticky + rest + muted).map { row in
            RoomSummary(
                row, name: try name(of: row), isComplete: try sync.missing(in: row.log) == 0)
        }
    }

    /// Of a private chat the other's name.
    private func name(of row: RoomRow) throws -> String {
        guard row.kind == .privateChat else { return row.name }
        let users = try queries.members(of: row.log).map(\.user)
        return (users.first { $0 != profile.user } ?? profile.user).text
    }

    func room(_ id: RoomID) throws -> RoomSummary {
        guard let room = try rooms().first(where: { $0.id == id }) else {
            throw FikaError(.notFound, "no room \(id)")
        }
        return room
    }

    func message(_ id: MessageID) throws -> Message {
        guard let row = try queries.row(id.op.log, id.op.dot) else {
            throw FikaError(.notFound, "no message \(id)")
        }
        return message(row, in: id.op.log)
    }

    func members(of room: RoomID) throws -> [RoomMember] {
        try queries.members(of: room.log).map {
            RoomMember(user: $0.user.text, isModerator: $0.role == .moderator)
        }
    }

    func page(of room: RoomID, _ anchor: PageAnchor, limit: Int) throws -> TimelinePage {
        switch anchor {
        case .newest: return try page(room, .newest, limit)
        case .before(let id):
            let edge = try edge(id, in: room)
            return try page(room, .before(edge.stamp.time, edge.id), limit)
        case .after(let id):
            let edge = try edge(id, in: room)
            return try page(room, .after(edge.stamp.time, edge.id), limit)
        case .around(let id): return try page(room, around: edge(id, in: room), limit)
        case .firstUnread:
            guard let first = try queries.firstUnread(in: room.log)?.row else {
                return try page(room, .newest, limit)
            }
            return try page(room, around: first, limit)
        }
    }

    /// The time above which rows of a page are looked for; nil for what the relay sends unasked.
    func upperEdge(of anchor: PageAnchor, in room: RoomID) throws -> HybridTime? {
        switch anchor {
        case .newest, .after, .firstUnread: nil
        case .before(let id), .around(let id): try edge(id, in: room).stamp.time
        }
    }

    /// The anchor that stays at the rows that this one means now.
    func settled(_ anchor: PageAnchor, in room: RoomID, _ limit: Int) throws -> PageAnchor {
        guard anchor == .firstUnread else { return anchor }
        guard let first = try queries.firstUnread(in: room.log)?.row else { return .newest }
        return .around(MessageID(room.log, first.id))
    }

    private func page(
        _ room: RoomID, around edge: TimelineRow, _ limit: Int
    ) throws -> TimelinePage {
        // A few rows above show what it is about.
        let above = try page(room, .before(edge.stamp.time, edge.id), max(1, limit / 5))
        let start = above.rows.first.map { $0.id.op.dot }
        guard let start, let row = try queries.row(room.log, start)?.row else {
            return try page(room, .after(.zero, nil), limit)
        }
        var page = try page(room, .after(row.stamp.time, row.id), limit)
        page.hasOlder = true
        return page
    }

    private func page(
        _ room: RoomID, _ place: ViewQueries.Place, _ limit: Int
    ) throws -> TimelinePage {
        let rows = try queries.page(of: room.log, place, limit: limit + 1)
        let hasMore = rows.count > limit
        let isForward = if case .after = place { true } else { false }
        let shown = isForward ? rows.prefix(limit) : rows.suffix(limit)
        return TimelinePage(
            room: room, rows: shown.map { message($0, in: room.log) },
            hasOlder: isForward ? place != .after(.zero, nil) : hasMore,
            hasNewer: isForward ? hasMore : place != .newest,
            missing: Int(clamping: try sync.missing(in: room.log)))
    }

    private func edge(_ id: MessageID, in room: RoomID) throws -> TimelineRow {
        guard id.room == room, let row = try queries.row(room.log, id.op.dot)?.row else {
            throw FikaError(.notFound, "no message \(id.short) in this room")
        }
        return row
    }

    func lateAbove(in room: RoomID, limit: Int) throws -> [Message] {
        try queries.lateAbove(in: room.log, limit: limit).map { message($0, in: room.log) }
    }

    func message(_ row: StoredRow, in log: LogID) -> Message {
        Message(row, in: log, viewer: profile.user)
    }

    func search(_ text: String, in room: RoomID?, limit: Int) throws -> SearchResult {
        let found = try queries.search(text, in: room?.log, limit: limit)
        return SearchResult(
            hits: found.hits.map { message($0.row, in: $0.log) },
            isIncomplete: found.isIncomplete)
    }

    /// What has become of a row that was written here.
    func delivery(_ id: MessageID) throws -> Delivery {
        let message = try message(id)
        let item = try outbox().first { $0.first == id }
        return item?.delivery ?? message.delivery ?? .queued
    }

    /// The rooms for which something waits to be sent.
    func queuedRooms() throws -> [RoomID] { try outboxQuery.queuedLogs().map { RoomID($0) } }

    func outbox() throws -> [OutboxItem] {
        try outboxQuery.items().map { item in
            OutboxItem(
                room: RoomID(item.first.log), first: MessageID(item.first),
                opCount: item.entry.count,
                kind: item.entry.isImport
                    ? "import" : item.op.map { OpNames.name($0.kind) } ?? "unknown",
                text: item.op.flatMap(OpNames.text),
                writtenAt: Date(milliseconds: item.entry.writtenAt),
                delivery: Delivery(item.entry))
        }
    }
}

extension RoomSummary {
    init(_ row: RoomRow, name: String, isComplete: Bool) {
        id = RoomID(row.log)
        kind = Kind(row.kind)
        self.name = name
        about = row.about
        isMember = row.isMember
        rowCount = row.rows
        unreadCount = row.unread
        mentionCount = row.mentions
        self.isComplete = isComplete
        last = row.last.map { Message($0, in: row.log) }
    }
}

extension RoomSummary.Kind {
    init(_ kind: LogKind) {
        switch kind {
        case .room(.room), .personal, .directory, .unknown: self = .room
        case .room(.visitor): self = .visitor
        case .room(.event): self = .event
        case .privateChat: self = .privateChat
        }
    }
}
