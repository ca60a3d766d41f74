import FikaCRDT
import FikaChat
import FikaLog
import GRDB

extension LogPass {
    /// The columns that place a write: its time and op.
    private func bind(_ statement: HotStatement, _ first: Int32, _ op: ViewOp) {
        statement.bind(first, Int64(bitPattern: op.time.raw))
        statement.bind(first + 1, op.key.raw)
    }

    func putPoll(_ op: ViewOp, as id: OpKey, _ writer: Writer) throws {
        guard let person = writer.person else { return }
        var row = NewRow(
            key: id, time: op.time, kind: op.kind, author: person,
            placed: id == op.key ? nil : op.key)
        if op.isErased { return try insertStub(row, writer) }
        guard case .poll(let poll)? = try decode(op) else { return }
        row.unread = try isUnread(row, op, writer) ? 1 : 0
        try insert(row, text: Array(poll.question.utf8)[...], writer)
        let insert = try HotStatement(
            db, "REPLACE INTO poll (row, log, settings) VALUES (?, ?, ?)")
        insert.bind(1, id.raw)
        insert.bind(2, context.row)
        insert.bind(3, Int64(poll.settings.rawValue))
        try insert.run()
        for (index, text) in poll.options.enumerated() {
            try insertOption(-Int64(index) - 1, rank: [], text, of: id, op)
        }
    }

    private func insertOption(
        _ option: Int64, rank: [UInt8], _ text: String, of row: OpKey, _ op: ViewOp
    ) throws {
        let insert = try HotStatement(
            db,
            """
            REPLACE INTO poll_option (row, option, rank, time, written, text)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        insert.bind(1, row.raw)
        insert.bind(2, option)
        insert.bind(3, blob: rank)
        bind(insert, 4, op)
        insert.bind(6, text: text)
        try insert.run()
    }

    /// Takes all texts of a deleted poll away (rules M18 and E1).
    func hidePoll(_ row: OpKey) throws {
        try delete(row, from: ["poll_option", "poll_text"])
    }

    /// Takes away what is left of a poll whose delete is final.
    ///
    /// What it let people do goes with its body, so nothing that was judged by it may stay.
    func forgetPoll(_ row: OpKey) throws {
        try delete(row, from: ["poll", "poll_setting", "poll_removed", "vote"])
    }

    private func delete(_ row: OpKey, from tables: [String]) throws {
        for table in tables {
            let delete = try HotStatement(db, "DELETE FROM \(table) WHERE row = ?")
            delete.bind(1, row.raw)
            try delete.run()
        }
    }

    func putPollChange(
        _ op: ViewOp, _ kind: ChatKind, as id: OpKey, _ writer: Writer
    ) throws {
        guard let row = try targetRow(of: op, kind), let person = writer.person else { return }
        if op.isErased { return }
        guard let says = try decode(op), !row.marks.contains(.doomed) else { return }
        if let basis = says.basis {
            guard try isAllowed(op, kind, basis, row, writer) else { return }
        }
        switch says {
        case .pollQuestion(let body, _):
            try putText(body.text, option: 0, of: row, op)
        case .pollSetting(let body, _):
            try putSetting(body, of: row, as: id, op)
        case .optionAdd(let body, _):
            guard !row.isDeleted else { return }
            try insertOption(id.raw, rank: body.rank, body.text, of: row.key, op)
        case .optionText(let body, _):
            try putText(body.text, option: option(body.option), of: row, op)
        case .optionRemove(let body, _):
            try putRemoval(of: option(body.option), of: row.key)
        case .vote(let vote, _):
            for choice in vote.choices {
                try putVote(choice, of: row.key, person, op)
            }
        case .void, .introduction, .create, .grant, .revoke, .leave, .close, .name, .about,
            .message, .edit, .delete, .reaction, .pin, .unpin, .poll, .readMark, .flag,
            .importRun, .imported, .unsupported:
            break
        }
    }

    /// Rule M13; an op that is not allowed, or has to wait, is noted so.
    private func isAllowed(
        _ op: ViewOp, _ kind: ChatKind, _ basis: Basis, _ row: FoundRow, _ writer: Writer
    ) throws -> Bool {
        guard let user = writer.user else { return false }
        let named: PollSettings
        switch basis {
        case .creator:
            named = []
        case .poll:
            named = try settings(ofPoll: row.key) ?? []
        case .setting(let dot):
            let key = try resolve(key(dot))
            guard let settings = try settings(ofSetting: key, of: row.key, op) else {
                return false
            }
            named = settings
        }
        let creator = try writerOfRow(row)?.user ?? user
        let isCreator = row.author == writer.person
        let refusal = Permissions.pollRefusal(
            of: kind, by: user, creator: isCreator ? user : creator, basis: basis, named: named)
        if refusal == nil { return true }
        try ignore(op)
        return false
    }

    private func writerOfRow(_ row: FoundRow) throws -> Writer? {
        try writer(row.standing.replica)
    }

    private func settings(ofPoll row: OpKey) throws -> PollSettings? {
        let query = try HotStatement(db, "SELECT settings FROM poll WHERE row = ?")
        query.bind(1, row.raw)
        guard try query.next() else { return nil }
        defer { query.reset() }
        return PollSettings(rawValue: UInt8(truncatingIfNeeded: query.int(0)))
    }

    /// What a setting op that counts switches on; nil, and the op is noted, when there is none.
    private func settings(
        ofSetting key: OpKey, of row: OpKey, _ op: ViewOp
    ) throws -> PollSettings? {
        let query = try HotStatement(
            db, "SELECT row, setting, is_on FROM poll_setting WHERE op = ?")
        query.bind(1, key.raw)
        if try query.next() {
            defer { query.reset() }
            guard query.int(0) == row.raw else {
                query.reset()
                try ignore(op)
                return nil
            }
            let setting = PollSettings(rawValue: 1 << UInt8(truncatingIfNeeded: query.int(1)))
            return query.int(2) == 0 ? [] : setting
        }
        try keepWaiting(op, forSetting: key, of: row)
        return nil
    }

    /// An op under a setting that does not count (yet) waits, unless it is none of this poll's.
    func keepWaiting(_ op: ViewOp, forSetting key: OpKey, of row: OpKey) throws {
        if !context.isRebuilding, let held = try views.source.viewOp(key, db),
            try !isSetting(held, of: row)
        {
            return try ignore(op)
        }
        try keep(op, .waiting, waitsFor: key)
    }

    /// Whether a held op is a setting op of a poll, counting or not.
    func isSetting(_ held: ViewOp, of row: OpKey) throws -> Bool {
        guard held.kind == ChatKind.pollSetting.kind, let target = held.target else {
            return false
        }
        return try resolve(key(target)) == row
    }

    func option(_ option: OptionRef) throws -> Int64 {
        switch option {
        case .own(let number): -Int64(number)
        case .added(let dot): try resolve(key(dot)).raw
        }
    }

    private func putSetting(
        _ body: PollSettingChange, of row: FoundRow, as id: OpKey, _ op: ViewOp
    ) throws {
        let insert = try HotStatement(
            db,
            """
            REPLACE INTO poll_setting (op, row, setting, is_on, time, written)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        insert.bind(1, id.raw)
        insert.bind(2, row.key.raw)
        insert.bind(3, Int64(body.setting.rawValue))
        insert.bind(4, body.isOn ? 1 : 0)
        bind(insert, 5, op)
        try insert.run()
        if context.awaited.contains(id.raw) { context.released.append(id) }
    }

    /// Lets the later of two wordings stand.
    private func putText(_ text: String, option: Int64, of row: FoundRow, _ op: ViewOp) throws {
        guard !row.isDeleted else { return }
        let query = try HotStatement(
            db, "SELECT time, written FROM poll_text WHERE row = ? AND option = ?")
        query.bind(1, row.key.raw)
        query.bind(2, option)
        guard try outdoes(op, query) else { return }
        let replace = try HotStatement(
            db,
            "REPLACE INTO poll_text (row, option, time, written, text) VALUES (?, ?, ?, ?, ?)")
        replace.bind(1, row.key.raw)
        replace.bind(2, option)
        bind(replace, 3, op)
        replace.bind(5, text: text)
        try replace.run()
        if option == 0 { try showQuestion(text, of: row, op) }
    }

    /// The row's text is the question as it stands, so that search finds the poll.
    private func showQuestion(_ text: String, of row: FoundRow, _ op: ViewOp) throws {
        guard !row.isDeleted, try isLater(op.time, op.key, than: row.time, row.standing) else {
            return
        }
        let isIndexed = try isIndexed(row.key)
        let old = isIndexed ? try self.text(of: row.key) : []
        let update = try HotStatement(db, "UPDATE row SET text = ? WHERE op = ?")
        update.bind(1, text: text)
        update.bind(2, row.key.raw)
        try update.run()
        if isIndexed { try search.replace(row.key, old: old, new: Array(text.utf8)) }
    }

    private func putRemoval(of option: Int64, of row: OpKey) throws {
        let insert = try HotStatement(
            db, "INSERT OR IGNORE INTO poll_removed (row, option) VALUES (?, ?)")
        insert.bind(1, row.raw)
        insert.bind(2, option)
        try insert.run()
    }

    /// Rule M16: the latest word of each user on each option.
    private func putVote(
        _ choice: VoteChoice, of row: OpKey, _ person: Int64, _ op: ViewOp
    ) throws {
        let option = try option(choice.option)
        let query = try HotStatement(
            db, "SELECT time, op FROM vote WHERE row = ? AND person = ? AND option = ?")
        query.bind(1, row.raw)
        query.bind(2, person)
        query.bind(3, option)
        if try query.next() {
            let time = HybridTime(raw: UInt64(bitPattern: query.int(0)))
            let winner = OpKey(raw: query.int(1))
            query.reset()
            // Within one op no option is named twice, except by a copy's name and its own.
            let isLater = try isLater(op.time, op.key, than: time, winner)
            guard isLater || winner == op.key else { return }
        }
        let replace = try HotStatement(
            db,
            "REPLACE INTO vote (row, person, option, is_on, time, op) VALUES (?, ?, ?, ?, ?, ?)")
        replace.bind(1, row.raw)
        replace.bind(2, person)
        replace.bind(3, option)
        replace.bind(4, choice.isOn ? 1 : 0)
        bind(replace, 5, op)
        try replace.run()
    }
}
