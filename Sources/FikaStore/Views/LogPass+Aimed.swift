import FikaCRDT
import FikaChat
import FikaLog
import GRDB

extension LogPass {
    // MARK: Edits

    /// Rule M5.
    func putEdit(_ op: ViewOp, _ writer: Writer) throws {
        guard let row = try targetRow(of: op, .edit) else { return }
        guard row.author == writer.person else { return try ignore(op) }
        if op.isErased { return }
        guard case .edit(let body, _)? = try decode(op), !row.isDeleted else { return }
        if let winner = row.editOp,
            try !isLater(op.time, op.key, than: row.editTime, winner)
        {
            return
        }
        try setText(body, of: row, editedBy: op)
    }

    /// Gives a message another text and other mentions.
    func setText(_ body: MessageBody, of row: FoundRow, editedBy edit: ViewOp?) throws {
        let isIndexed = try isIndexed(row.key)
        let old = isIndexed ? try text(of: row.key) : []
        try deleteMentions(of: row)
        try insertMentions(body.mentions, of: row.key)
        var marks = row.marks
        if body.mentions.isEmpty {
            marks.remove(.hasMentions)
        } else {
            marks.insert(.hasMentions)
        }
        if row.unread > 0 {
            try setUnread(body.mentions.contains(views.viewer) ? 2 : 1, row)
        }
        let update = try HotStatement(
            db,
            """
            UPDATE row SET text = ?2, marks = ?3, edit_time = ifnull(?4, edit_time),
                edit_op = ifnull(?5, edit_op)
            WHERE op = ?1
            """)
        let text = Array(body.text.utf8)
        update.bind(1, row.key.raw)
        update.bind(2, text: text)
        update.bind(3, marks.rawValue)
        update.bind(4, edit.map { Int64(bitPattern: $0.time.raw) })
        update.bind(5, edit?.key.raw)
        try update.run()
        if isIndexed { try search.replace(row.key, old: old, new: text) }
    }

    /// Whether search has the row's text by now.
    func isIndexed(_ row: OpKey) throws -> Bool {
        if try writer(row.replica).isLeftForIndex(row.seq) { return false }
        return try !search.isInBacklog(row)
    }

    // MARK: Deletes

    /// Rule M6.
    func putDelete(_ op: ViewOp, _ writer: Writer, _ point: AccessPoint) throws {
        guard let target = op.target, let row = try targetRow(of: op, .delete) else { return }
        guard op.body.isEmpty else { return try ignore(op) }
        let owner =
            row.kind == .imported ? try self.writer(key(target).replica).person : row.author
        guard owner == writer.person || isModerator(writer, at: point) else {
            return try ignore(op)
        }
        let insert = try HotStatement(
            db, "INSERT OR IGNORE INTO deletion (op, log, row, is_final) VALUES (?, ?, ?, ?)")
        insert.bind(1, op.key.raw)
        insert.bind(2, context.row)
        insert.bind(3, row.key.raw)
        let isSure = op.position.map { $0 <= context.accessPosition } ?? false
        let isFinal = isSure || PlantedBug.erasesPendingDeletes.isPlanted
        insert.bind(4, isFinal ? 1 : 0)
        try insert.run()
        let hidden = try hide(row)
        if isFinal { try condemn(hidden) }
    }

    /// Leaves the stub of a deleted row.
    @discardableResult
    func hide(_ row: FoundRow) throws -> FoundRow {
        guard !row.isDeleted else { return row }
        var row = row
        if try isIndexed(row.key) { try search.remove(row.key, text: text(of: row.key)) }
        try deleteMentions(of: row)
        try setUnread(0, row)
        row.unread = 0
        row.marks.insert(.deleted)
        row.marks.remove(.hasMentions)
        let update = try HotStatement(
            db,
            """
            UPDATE row SET text = '', detail = 0, marks = ?, author = ?, edit_time = NULL,
                edit_op = NULL
            WHERE op = ?
            """)
        update.bind(1, row.marks.rawValue)
        // An imported author's name is part of the body, which goes.
        let isImported = row.kind == .imported
        update.bind(2, isImported ? try views.people.row(ofName: [], db) : row.author)
        update.bind(3, row.key.raw)
        try update.run()
        if row.kind == .poll { try hidePoll(row.key) }
        return row
    }

    /// Makes a delete final: the bodies of the row's ops and of what is aimed at them are to be
    /// destroyed (rule E1).
    func condemn(_ row: FoundRow) throws {
        guard !row.marks.contains(.doomed) else { return }
        try setMarks(row.marks.union(.doomed), row)
        if row.kind == .poll { try forgetPoll(row.key) }
        try condemnBodies(of: ids(row.key, row.placed))
    }

    /// Condemns all ops that stand for a row or are the same line, and what is aimed at any.
    func condemnBodies(of ids: [OpKey]) throws {
        for id in ids where try views.source.viewOp(id, db)?.isErased == false {
            try condemn(id)
        }
        try condemnAimed(at: ids)
    }

    func condemn(_ op: OpKey) throws {
        let insert = try HotStatement(db, "INSERT OR IGNORE INTO erasure (op) VALUES (?)")
        insert.bind(1, op.raw)
        try insert.run()
    }

    /// The keys of all ops that stand for a row or are the same line.
    func ids(_ row: OpKey, _ placed: OpKey?) throws -> [OpKey] {
        var ids: Set<OpKey> = [row]
        if let placed { ids.insert(placed) }
        guard context.hasAliases else { return ids.sorted() }
        let query = try HotStatement(db, "SELECT op FROM alias WHERE stands_for = ?")
        query.bind(1, row.raw)
        while try query.next() { ids.insert(OpKey(raw: query.int(0))) }
        return ids.sorted()
    }

    /// Condemns the salted ops that are aimed at ids of a row.
    func condemnAimed(at ids: [OpKey]) throws {
        for id in ids {
            let query = try HotStatement(db, "SELECT op FROM aimed WHERE target = ?")
            query.bind(1, id.raw)
            var aimed: [OpKey] = []
            while try query.next() { aimed.append(OpKey(raw: query.int(0))) }
            if PlantedBug.keepsEditsOfDeleted.isPlanted { continue }
            for op in aimed { try condemn(op) }
            let delete = try HotStatement(db, "DELETE FROM aimed WHERE target = ?")
            delete.bind(1, id.raw)
            try delete.run()
        }
    }

    /// Notes that a salted op is aimed at another, whether it counts or not, for the case that
    /// the other is erased (rule E1).
    func noteAimed(_ op: ViewOp) throws {
        guard let target = op.target, !op.isErased else { return }
        let key = try key(target)
        if try row(key)?.marks.contains(.doomed) == true { return try condemn(op.key) }
        let insert = try HotStatement(
            db, "INSERT OR IGNORE INTO aimed (target, op, log) VALUES (?, ?, ?)")
        insert.bind(1, key.raw)
        insert.bind(2, op.key.raw)
        insert.bind(3, context.row)
        try insert.run()
    }

    // MARK: Reactions

    static let reactionUpsertion = """
        INSERT INTO reaction (row, emoji, person, is_on, time, op) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET is_on = excluded.is_on, time = excluded.time, op = excluded.op
        WHERE excluded.time > time
        """

    /// Rule M8.
    func putReaction(_ op: ViewOp, _ writer: Writer) throws {
        guard let row = try targetRow(of: op, .reaction) else { return }
        guard let person = writer.person, case .reaction(let body, _)? = try decode(op) else {
            return
        }
        reactionUpsert.bind(1, row.key.raw)
        reactionUpsert.bind(2, text: body.emoji)
        reactionUpsert.bind(3, person)
        reactionUpsert.bind(4, body.isOn ? 1 : 0)
        reactionUpsert.bind(5, Int64(bitPattern: op.time.raw))
        reactionUpsert.bind(6, op.key.raw)
        try reactionUpsert.run()
        if db.changesCount == 0 { try settleReaction(op, body, row.key, person) }
        try setMarks(row.marks.union(.hasReactions), row)
    }

    /// Of two reactions of one time the replica decides.
    private func settleReaction(
        _ op: ViewOp, _ body: Reaction, _ row: OpKey, _ person: Int64
    ) throws {
        let query = try HotStatement(
            db,
            "SELECT op FROM reaction WHERE row = ? AND emoji = ? AND person = ? AND time = ?")
        query.bind(1, row.raw)
        query.bind(2, text: body.emoji)
        query.bind(3, person)
        query.bind(4, Int64(bitPattern: op.time.raw))
        guard try query.next() else { return }
        let winner = OpKey(raw: query.int(0))
        query.reset()
        guard try isLater(op.time, op.key, than: op.time, winner) else { return }
        let update = try HotStatement(
            db, "UPDATE reaction SET is_on = ?, op = ? WHERE row = ? AND emoji = ? AND person = ?")
        update.bind(1, body.isOn ? 1 : 0)
        update.bind(2, op.key.raw)
        update.bind(3, row.raw)
        update.bind(4, text: body.emoji)
        update.bind(5, person)
        try update.run()
    }

    // MARK: Pins

    /// Rule M9.
    func putPin(_ op: ViewOp, as id: OpKey, _ writer: Writer) throws {
        guard let row = try targetRow(of: op, .pin) else { return }
        guard let person = writer.person, op.body.isEmpty else { return try ignore(op) }
        let insert = try HotStatement(
            db, "REPLACE INTO pin (op, row, person, time, written) VALUES (?, ?, ?, ?, ?)")
        insert.bind(1, id.raw)
        insert.bind(2, row.key.raw)
        insert.bind(3, person)
        insert.bind(4, Int64(bitPattern: op.time.raw))
        insert.bind(5, op.key.raw)
        try insert.run()
        try setMarks(row.marks.union(.hasPins), row)
    }

    func putUnpin(_ op: ViewOp) throws {
        guard let row = try targetRow(of: op, .unpin), case .unpin(let body, _)? = try decode(op)
        else { return }
        if PlantedBug.unpinsTheUnseen.isPlanted {
            try setMarks(row.marks.subtracting(.hasPins), row)
        }
        for pin in body.pins {
            let insert = try HotStatement(
                db, "INSERT OR IGNORE INTO unpinned (pin, log) VALUES (?, ?)")
            insert.bind(1, try resolve(key(pin)).raw)
            insert.bind(2, context.row)
            try insert.run()
        }
    }
}
