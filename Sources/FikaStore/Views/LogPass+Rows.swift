import FikaCRDT
import FikaChat
import FikaLog
import FikaWire
import GRDB

extension LogPass {
    // MARK: Finding

    /// The row that a key names: its own, or that of what it is an alias of.
    func row(_ key: OpKey) throws -> FoundRow? {
        if let row = try ownRow(key) { return row }
        guard context.hasAliases, let id = try standsFor(key) else { return nil }
        return try ownRow(id)
    }

    private func ownRow(_ key: OpKey) throws -> FoundRow? {
        rowQuery.bind(1, key.raw)
        guard try rowQuery.next() else { return nil }
        defer { rowQuery.reset() }
        return FoundRow(rowQuery)
    }

    /// What an alias stands for; nil for a key that is none.
    func standsFor(_ key: OpKey) throws -> OpKey? {
        guard context.hasAliases else { return nil }
        let query = try HotStatement(db, "SELECT stands_for FROM alias WHERE op = ?")
        query.bind(1, key.raw)
        guard try query.next() else { return nil }
        defer { query.reset() }
        return OpKey(raw: query.int(0))
    }

    func resolve(_ key: OpKey) throws -> OpKey {
        try standsFor(key) ?? key
    }

    /// The row that an op aims at, when it is there and of a kind that the op can act on.
    ///
    /// Else the op is noted: as ignored, or as waiting for its target (rule M2). It waits for what
    /// an alias stands for, which may come after the alias: the row is there only then.
    func targetRow(of op: ViewOp, _ kind: ChatKind) throws -> FoundRow? {
        guard let target = op.target else { return nil }
        let key = try key(target)
        if let row = try row(key) {
            if let found = row.kind, Permissions.canAim(kind, at: found) { return row }
            try ignore(op)
        } else if !context.isRebuilding, let held = try views.source.viewOp(key, db) {
            try keep(held: held, op, kind, try resolve(key))
        } else {
            try keep(op, .waiting, waitsFor: try resolve(key))
        }
        return nil
    }

    /// Notes an op whose target is held and does not count.
    func keep(held: ViewOp, _ op: ViewOp, _ kind: ChatKind, _ key: OpKey) throws {
        if let found = ChatKind(held.kind), Permissions.canAim(kind, at: found) {
            try keep(op, .waiting, waitsFor: key)
        } else {
            try ignore(op)
        }
    }

    // MARK: Inserting

    func putMessage(_ op: ViewOp, as id: OpKey, _ writer: Writer) throws {
        guard let person = writer.person else { return }
        var row = NewRow(
            key: id, time: op.time, kind: op.kind, author: person,
            reply: try op.target.map { try key($0) }, placed: id == op.key ? nil : op.key)
        if op.isErased { return try insertStub(row, writer) }
        if let text = PlainText.slice(of: op.body) {
            row.unread = try isUnread(row, op, writer) ? 1 : 0
            try insert(row, text: text, writer)
            return
        }
        guard case .message(let body, _)? = try decode(op) else { return }
        try insertMentions(body.mentions, of: id)
        if !body.mentions.isEmpty { row.marks.insert(.hasMentions) }
        if try isUnread(row, op, writer) {
            row.unread = body.mentions.contains(views.viewer) ? 2 : 1
        }
        try insert(row, text: Array(body.text.utf8)[...], writer)
    }

    /// Inserts what is left of an erased row; what is aimed at it is to be erased, too.
    func insertStub(_ row: NewRow, _ writer: Writer) throws {
        var row = row
        row.marks.formUnion([.deleted, .doomed])
        try insert(row, text: [], writer)
        let standing = row.placed ?? row.key
        try condemnAimed(at: [standing])
        try condemnBodies(of: ids(row.key, row.placed).filter { $0 != standing })
    }

    /// Inserts a row and counts it; of rows with text search takes note.
    func insert(_ row: NewRow, text: ArraySlice<UInt8>, _ writer: Writer) throws {
        try row.insert(rowInsertion, log: context.row, text: text)
        try count(row, writer)
        if Self.isSearched(row.kind) {
            let owner = row.key.replica == writer.row ? writer : try self.writer(row.key.replica)
            if indexesNow {
                if !text.isEmpty { try search.insert(row.key, text: text) }
            } else {
                owner.leaveForIndex(row.key.seq)
                owner.isDirty = true
            }
        }
    }

    private func count(_ row: NewRow, _ writer: Writer) throws {
        context.isSummaryDirty = true
        context.summary.rows += 1
        context.summary.unread += row.unread > 0 ? 1 : 0
        context.summary.mentions += row.unread == 2 ? 1 : 0
        if row.time > writer.rowTime {
            writer.rowTime = row.time
            writer.isDirty = true
        }
        let standing = row.placed ?? row.key
        let isLast = try isLast(row.time, standing)
        if isLast {
            context.summary.lastTime = row.time
            context.summary.lastRow = row.key
        }
        guard row.unread == 0, Self.canBeUnread(row.kind), !writer.isViewer else { return }
        var isRead = writer.read.contains(standing.seq)
        if !isRead, context.hasAliases {
            isRead = try isAnyMarkedRead(row.key)
        }
        if isRead { try noteRead(row.key, row.time, writer) }
    }

    private func isLast(_ time: HybridTime, _ standing: OpKey) throws -> Bool {
        guard let last = context.summary.lastRow else { return true }
        if time != context.summary.lastTime { return time > context.summary.lastTime }
        return try isLater(time, standing, than: time, self.standing(last))
    }

    /// The op that gives a row its place.
    private func standing(_ key: OpKey) throws -> OpKey {
        try ownRow(key)?.standing ?? key
    }

    // MARK: Unread

    static func canBeUnread(_ kind: Kind) -> Bool {
        kind == ChatKind.message.kind || kind == ChatKind.poll.kind
    }

    private static func isSearched(_ kind: Kind) -> Bool {
        canBeUnread(kind) || kind == ChatKind.imported.kind
    }

    /// Rule M20, for a row that is not deleted.
    func isUnread(_ row: NewRow, _ op: ViewOp, _ writer: Writer) throws -> Bool {
        guard !writer.isViewer, !writer.read.contains(op.key.seq) else { return false }
        guard op.origin != nil || context.origins.contains(row.key.raw) else { return true }
        return try !isAnyMarkedRead(row.key)
    }

    /// Whether a row is read under its id or that of any copy, which may have come before it.
    private func isAnyMarkedRead(_ row: OpKey) throws -> Bool {
        if try isMarkedRead(row) { return true }
        let query = try HotStatement(db, "SELECT op FROM alias WHERE stands_for = ?")
        query.bind(1, row.raw)
        var copies: [OpKey] = []
        while try query.next() { copies.append(OpKey(raw: query.int(0))) }
        return try copies.contains { try isMarkedRead($0) }
    }

    func isMarkedRead(_ key: OpKey) throws -> Bool {
        try writer(key.replica).read.contains(key.seq)
    }

    /// Takes note of a row that the viewer has read: those before it are late (rule M21).
    func noteRead(_ row: OpKey, _ time: HybridTime, _ writer: Writer) throws {
        guard !writer.isViewer, try isLater(row, time) else { return }
        context.summary.readTime = time
        context.summary.readRow = row
        context.isSummaryDirty = true
    }

    private func isLater(_ row: OpKey, _ time: HybridTime) throws -> Bool {
        guard let last = context.summary.readRow else { return true }
        if time != context.summary.readTime { return time > context.summary.readTime }
        return try isLater(time, standing(row), than: time, standing(last))
    }

    /// Changes whether a row is unread.
    func setUnread(_ unread: Int64, _ row: FoundRow) throws {
        guard unread != row.unread else { return }
        context.summary.unread += (unread > 0 ? 1 : 0) - (row.unread > 0 ? 1 : 0)
        context.summary.mentions += (unread == 2 ? 1 : 0) - (row.unread == 2 ? 1 : 0)
        context.isSummaryDirty = true
        let update = try HotStatement(db, "UPDATE row SET unread = ? WHERE op = ?")
        update.bind(1, unread)
        update.bind(2, row.key.raw)
        try update.run()
    }

    // MARK: Marks and mentions

    func setMarks(_ marks: RowMarks, _ row: FoundRow) throws {
        guard marks != row.marks else { return }
        let update = try HotStatement(db, "UPDATE row SET marks = ? WHERE op = ?")
        update.bind(1, marks.rawValue)
        update.bind(2, row.key.raw)
        try update.run()
    }

    func insertMentions(_ users: [UserID], of row: OpKey) throws {
        for user in users {
            let insert = try HotStatement(
                db, "INSERT OR IGNORE INTO mention (row, person) VALUES (?, ?)")
            insert.bind(1, row.raw)
            insert.bind(2, try views.people.row(of: user, db))
            try insert.run()
        }
    }

    func deleteMentions(of row: FoundRow) throws {
        guard row.marks.contains(.hasMentions) else { return }
        let delete = try HotStatement(db, "DELETE FROM mention WHERE row = ?")
        delete.bind(1, row.key.raw)
        try delete.run()
    }

    /// The text of a row as it is now.
    func text(of row: OpKey) throws -> [UInt8] {
        let query = try HotStatement(db, "SELECT text FROM row WHERE op = ?")
        query.bind(1, row.raw)
        guard try query.next() else { return [] }
        defer { query.reset() }
        return query.bytes(0)
    }

    // MARK: Registers

    /// Whether an op is later than the write whose time and op a query gives, or there is none.
    func outdoes(_ op: ViewOp, _ query: HotStatement) throws -> Bool {
        guard try query.next() else { return true }
        let time = HybridTime(raw: UInt64(bitPattern: query.int(0)))
        let winner = OpKey(raw: query.int(1))
        query.reset()
        return try isLater(op.time, op.key, than: time, winner)
    }

    /// Rule M11.
    func putRegister(_ op: ViewOp, _ kind: ChatKind, as id: OpKey, _ writer: Writer) throws {
        guard let person = writer.person, let says = try decode(op) else { return }
        let text: String
        switch says {
        case .name(let body):
            text = body.text
            try setRegister(\.name, text, op.time, op.key)
        case .about(let body):
            text = body.text
            try setRegister(\.about, text, op.time, op.key)
        case .void, .introduction, .create, .grant, .revoke, .leave, .close, .message, .edit,
            .delete, .reaction, .pin, .unpin, .poll, .pollQuestion, .pollSetting, .optionAdd,
            .optionText, .optionRemove, .vote, .readMark, .flag, .importRun, .imported,
            .unsupported:
            return
        }
        let row = NewRow(
            key: id, time: op.time, kind: op.kind, author: person,
            placed: id == op.key ? nil : op.key)
        try insert(row, text: Array(text.utf8)[...], writer)
    }

    func setRegister(
        _ path: WritableKeyPath<LogSummary, LogSummary.Register>, _ text: String,
        _ time: HybridTime, _ op: OpKey
    ) throws {
        let current = context.summary[keyPath: path]
        if let winner = current.op, try !isLater(time, op, than: current.time, winner) { return }
        context.summary[keyPath: path] = LogSummary.Register(text: text, time: time, op: op)
        context.isSummaryDirty = true
    }
}
