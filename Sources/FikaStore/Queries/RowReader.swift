import FikaCRDT
import FikaChat
import FikaLog
import GRDB

/// Turns stored rows into what is shown.
struct RowReader {
    let db: Database
    let catalog: Catalog

    /// The columns of a row, read by ``Raw``.
    static let columns = """
        row.op, row.time, row.kind, row.detail, row.marks, row.unread, row.text, row.reply,
        row.placed, row.edit_op, (SELECT name FROM person WHERE id = row.author),
        (SELECT name FROM writer JOIN person ON person.id = writer.person
            WHERE replica = ifnull(row.placed, row.op) >> 32),
        EXISTS (SELECT 1 FROM unsealed WHERE op = ifnull(row.placed, row.op)),
        (SELECT position + ifnull(row.placed, row.op) - first FROM acceptance
            WHERE first = (SELECT max(first) FROM acceptance
                WHERE first <= ifnull(row.placed, row.op))
            AND last >= ifnull(row.placed, row.op)),
        (SELECT accepted_at FROM acceptance
            WHERE first = (SELECT max(first) FROM acceptance
                WHERE first <= ifnull(row.placed, row.op))
            AND last >= ifnull(row.placed, row.op))
        """

    /// A row as it is stored, before other tables are asked.
    struct Raw {
        let key: OpKey
        let time: HybridTime
        let kind: ChatKind?
        let detail: UInt8
        let marks: RowMarks
        let unread: Int64
        let text: String
        let reply: OpKey?
        let placed: OpKey?
        let isEdited: Bool
        let author: String
        let writer: String
        let delivery: StoredRow.Delivery

        init(_ query: HotStatement) {
            key = OpKey(raw: query.int(0))
            time = HybridTime(raw: UInt64(bitPattern: query.int(1)))
            kind = ChatKind(Kind(UInt16(truncatingIfNeeded: query.int(2))))
            detail = UInt8(truncatingIfNeeded: query.int(3))
            marks = RowMarks(rawValue: query.int(4))
            unread = query.int(5)
            text = query.text(6)
            reply = query.optionalInt(7).map { OpKey(raw: $0) }
            placed = query.optionalInt(8).map { OpKey(raw: $0) }
            isEdited = !query.isNull(9)
            author = query.text(10)
            writer = query.text(11)
            if query.int(12) != 0 {
                delivery = .unsealed
            } else if let position = query.optionalInt(13) {
                delivery = .accepted(
                    position: UInt64(clamping: position), at: UInt64(clamping: query.int(14)))
            } else {
                delivery = .pending
            }
        }
    }

    /// All rows that a query over ``columns`` gives.
    func rows(_ query: HotStatement) throws -> [StoredRow] {
        var raw: [Raw] = []
        while try query.next() { raw.append(Raw(query)) }
        return try raw.map(row)
    }

    private func row(_ raw: Raw) throws -> StoredRow {
        let standing = raw.placed ?? raw.key
        let id = raw.kind == .imported ? standing : raw.key
        let writer = try UserID(stored: raw.writer)
        let isDeleted = raw.marks.contains(.deleted)
        var row = TimelineRow(
            id: try catalog.dot(id, db),
            stamp: Stamp(
                time: raw.time, replica: try catalog.replica(standing.replica, db).replica),
            author: raw.kind == .imported
                ? .imported(name: raw.author, importer: writer)
                : .user(try UserID(stored: raw.author)),
            content: isDeleted ? .deleted : try content(raw))
        if !isDeleted {
            row.isEdited = raw.isEdited
            if raw.marks.contains(.hasReactions) { row.reactions = try reactions(raw.key) }
            if raw.marks.contains(.hasPins) { row.pin = try pin(raw.key) }
        }
        return StoredRow(
            row: row, key: raw.key, writer: writer, isUnread: raw.unread > 0,
            mentionsViewer: raw.unread == 2, delivery: try delivery(raw))
    }

    /// How far a row has come; of a pending one the outbox knows more.
    private func delivery(_ raw: Raw) throws -> StoredRow.Delivery {
        switch raw.delivery {
        case .accepted, .held, .refused: return raw.delivery
        case .unsealed, .pending: break
        }
        let key = (raw.placed ?? raw.key).raw
        switch try OutboxTable(db: db).entries(overlapping: key...key).first {
        case let entry? where entry.state == .held: return .held
        case let entry? where entry.state == .refused: return .refused(entry.reason)
        case nil, .some: return raw.delivery
        }
    }

    private func content(_ raw: Raw) throws -> RowContent {
        switch raw.kind {
        case .message:
            let mentions = raw.marks.contains(.hasMentions) ? try mentions(raw.key) : []
            return .message(
                text: raw.text, mentions: mentions, reply: try raw.reply.map(resolved))
        case .imported:
            return .imported(
                type: ImportedType(rawValue: raw.detail) ?? .message, text: raw.text)
        case .poll:
            return .poll(try PollReader(db: db, catalog: catalog).poll(raw))
        case .create:
            return .system(.created(name: raw.text))
        case .grant:
            let role = Role(rawValue: raw.detail) ?? .member
            return .system(.granted(user: try UserID(stored: raw.text), role: role))
        case .revoke:
            return .system(.revoked(user: try UserID(stored: raw.text)))
        case .leave:
            return .system(.left)
        case .name:
            return .system(.named(raw.text))
        case .about:
            return .system(.about(raw.text))
        case .void, .introduction, .close, .edit, .delete, .reaction, .pin, .unpin,
            .pollQuestion, .pollSetting, .optionAdd, .optionText, .optionRemove, .vote,
            .readMark, .flag, .importRun, nil:
            throw StoreError.damaged("row \(raw.key.raw) is of a kind that is none")
        }
    }

    /// The row id of an answered message, which may be known under another key.
    private func resolved(_ key: OpKey) throws -> Dot {
        let query = try HotStatement(
            db,
            """
            SELECT iif(row.kind = 31, ifnull(row.placed, row.op), ids.id) FROM
                (SELECT ifnull((SELECT stands_for FROM alias WHERE op = ?1), ?1) AS id) AS ids
                LEFT JOIN row ON row.op = ids.id
            """)
        query.bind(1, key.raw)
        guard try query.next() else { return try catalog.dot(key, db) }
        let id = OpKey(raw: query.int(0))
        query.reset()
        return try catalog.dot(id, db)
    }

    private func mentions(_ row: OpKey) throws -> [UserID] {
        let query = try HotStatement(
            db,
            """
            SELECT name FROM mention JOIN person ON person.id = mention.person
            WHERE row = ? ORDER BY name
            """)
        query.bind(1, row.raw)
        var names: [String] = []
        while try query.next() { names.append(query.text(0)) }
        return try names.map(UserID.init(stored:))
    }

    private func reactions(_ row: OpKey) throws -> [ReactionState] {
        let query = try HotStatement(
            db,
            """
            SELECT emoji, name FROM reaction JOIN person ON person.id = reaction.person
            WHERE row = ? AND is_on = 1 ORDER BY emoji, name
            """)
        query.bind(1, row.raw)
        var states: [ReactionState] = []
        while try query.next() {
            let emoji = query.text(0)
            let user = try UserID(stored: query.text(1))
            if let last = states.last, last.emoji.utf8.elementsEqual(emoji.utf8) {
                states[states.count - 1].users.append(user)
            } else {
                states.append(ReactionState(emoji: emoji, users: [user]))
            }
        }
        return states
    }

    private func pin(_ row: OpKey) throws -> PinState? {
        let query = try HotStatement(
            db,
            """
            SELECT name, time FROM pin JOIN person ON person.id = pin.person
            WHERE row = ? AND NOT EXISTS (SELECT 1 FROM unpinned WHERE unpinned.pin = pin.op)
            ORDER BY time, (SELECT replica_id FROM replica WHERE id = written >> 32),
                written & 0xFFFFFFFF LIMIT 1
            """)
        query.bind(1, row.raw)
        guard try query.next() else { return nil }
        defer { query.reset() }
        return PinState(
            by: try UserID(stored: query.text(0)),
            time: HybridTime(raw: UInt64(bitPattern: query.int(1))))
    }
}
