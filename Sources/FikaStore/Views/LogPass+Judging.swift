import FikaCRDT
import FikaChat
import FikaLog
import GRDB

extension LogPass {
    /// Whether access lets an op in, before its target is looked at (rule M2).
    enum Admission {
        case admitted(Writer, AccessPoint)
        /// Void ops and introductions, which say nothing about the chat.
        case silent
        case no(Outcome, waitsFor: OpKey? = nil, reason: CloseReason? = nil)
    }

    func admission(of op: ViewOp, _ kind: ChatKind?) throws -> Admission {
        let writer = try writer(op.key.replica)
        if context.hasCloses, !PlantedBug.showsBeyondCloses.isPlanted,
            context.history.isBeyondClose(op.dot, at: point(of: op, writer))
        {
            let close = context.history.closedBeyond(op.dot.replica)
            return .no(.setAside, reason: close?.reason)
        }
        guard let kind else { return .no(.unsupported) }
        guard isWellFormed(op, kind) else { return .no(.ignored) }
        if kind == .introduction {
            return op.key.seq == 1 && writer.introduction != nil ? .silent : .no(.ignored)
        }
        if kind == .void { return op.body.isEmpty ? .silent : .no(.ignored) }
        guard !writer.isStranger else { return .no(.waiting, waitsFor: writer.key(1)) }
        guard let user = writer.user else { return .no(.ignored) }
        if kind == .imported, writer.run == nil { return try admissionWithoutRun(op, writer) }
        let point = point(of: op, writer)
        if kind == .imported { writer.noteContent(op.key.seq, at: point) }
        let refusal = Permissions.refusal(
            of: Self.asMessage(kind), by: user, as: role(of: writer, user, at: point),
            in: context.history.kind)
        return refusal == nil ? .admitted(writer, point) : .no(.ignored)
    }

    /// Where an op is judged.
    ///
    /// A pending imported line, whose stamp is the original's, is judged with its run.
    func point(of op: ViewOp, _ writer: Writer) -> AccessPoint {
        if let position = op.position { return .accepted(position) }
        let time = op.kind == ChatKind.imported.kind ? writer.run?.time ?? op.time : op.time
        return .pending(Stamp(time: time, replica: writer.replica))
    }

    /// Judges an op and puts it into the views.
    ///
    /// What waits for it is judged again when it arrives, and when it comes to count; ops that wait
    /// for each other thus rest.
    func put(_ op: ViewOp, isNew: Bool = true) throws {
        let kind = ChatKind(op.kind)
        context.lastKept = nil
        if context.origins.contains(op.key.raw) {
            try regroup(origin: op.key)
            guard !context.needsRebuild else { return }
        }
        if kind?.flags.contains(.salted) == true, kind?.targetRule == .required {
            try noteAimed(op)
        }
        if kind?.flags.contains(.access) == true {
            // They were folded with all others before.
        } else {
            switch try admission(of: op, kind) {
            case .silent: break
            case .no(let outcome, let awaited, let reason):
                try keep(op, outcome, waitsFor: awaited, reason: reason)
            case .admitted(let writer, let point):
                if let kind { try put(op, kind, writer, point) }
            }
        }
        guard context.awaited.contains(op.key.raw), isNew || context.lastKept != op.key else {
            return
        }
        context.released.append(op.key)
    }

    private func put(
        _ op: ViewOp, _ kind: ChatKind, _ writer: Writer, _ point: AccessPoint
    ) throws {
        if op.origin != nil {
            try putCopy(op, kind, writer, point)
        } else {
            try apply(op, kind, as: op.key, writer, point)
        }
    }

    /// Lets an admitted op say what it says, under the id at which it stands.
    func apply(
        _ op: ViewOp, _ kind: ChatKind, as id: OpKey, _ writer: Writer, _ point: AccessPoint
    ) throws {
        switch kind {
        case .message: try putMessage(op, as: id, writer)
        case .imported: try putImported(op, writer)
        case .poll: try putPoll(op, as: id, writer)
        case .name, .about: try putRegister(op, kind, as: id, writer)
        case .edit: try putEdit(op, writer)
        case .delete: try putDelete(op, writer, point)
        case .reaction: try putReaction(op, writer)
        case .pin: try putPin(op, as: id, writer)
        case .unpin: try putUnpin(op)
        case .pollQuestion, .pollSetting, .optionAdd, .optionText, .optionRemove, .vote:
            try putPollChange(op, kind, as: id, writer)
        case .readMark, .flag: try putPersonal(op, writer)
        case .importRun: try putRun(op, writer)
        case .void, .introduction, .create, .grant, .revoke, .leave, .close: break
        }
    }

    /// Judges again what waited for ops that have come to count, those of one place together.
    func judgeReleased() throws {
        while !context.released.isEmpty || !context.reborn.isEmpty, !context.needsRebuild {
            let reborn = context.reborn
            context.reborn = []
            // One that was not noted as not counting has been put in by now.
            try judge(try reborn.filter(forgetOutcome))
            let released = Set(context.released).sorted()
            context.released = []
            var waiting: [OpKey] = []
            for key in released where context.awaited.remove(key.raw) != nil {
                waiting += try takeWaiting(for: key)
            }
            try judge(waiting)
        }
    }

    /// Forgets that an op does not count; false when nothing said so.
    private func forgetOutcome(_ key: OpKey) throws -> Bool {
        let delete = try HotStatement(db, "DELETE FROM outcome WHERE op = ?")
        delete.bind(1, key.raw)
        try delete.run()
        return db.changesCount > 0
    }

    private func judge(_ keys: [OpKey]) throws {
        for key in Set(keys).sorted() where !context.needsRebuild {
            guard let op = try views.source.viewOp(key, db) else { continue }
            if ChatKind(op.kind)?.flags.contains(.access) == true {
                try takeIdentities(CollectionOfOne(op))
            } else {
                try put(op, isNew: false)
            }
        }
    }

    /// Notes an op that does not count.
    func keep(
        _ op: ViewOp, _ outcome: Outcome, waitsFor awaited: OpKey? = nil,
        reason: CloseReason? = nil
    ) throws {
        let insert = try HotStatement(
            db,
            """
            REPLACE INTO outcome (op, log, state, waits_for, reason)
            VALUES (?, ?, ?, ?, ?)
            """)
        insert.bind(1, op.key.raw)
        insert.bind(2, context.row)
        insert.bind(3, outcome.rawValue)
        insert.bind(4, awaited?.raw)
        insert.bind(5, reason.map { Int64($0.rawValue) })
        try insert.run()
        context.lastKept = op.key
        if let awaited { context.awaited.insert(awaited.raw) }
        if outcome == .unsupported, KindFlags(of: op.kind).contains(.critical),
            !context.summary.isReadOnly
        {
            context.summary.isReadOnly = true
            context.isSummaryDirty = true
        }
    }

    func ignore(_ op: ViewOp) throws {
        try keep(op, .ignored)
    }

    /// Decodes what an op says; nil, and noted as ignored, when it is malformed.
    func decode(_ op: ViewOp) throws -> ChatOp? {
        if let says = try? ChatOp.decode(
            kind: op.kind, target: op.target, body: Array(op.body))
        {
            return says
        }
        try ignore(op)
        return nil
    }

    /// What an op looks like from outside; the body is asked when it is applied.
    private func isWellFormed(_ op: ViewOp, _ kind: ChatKind) -> Bool {
        guard op.time.isWellFormed else { return false }
        switch kind.targetRule {
        case .forbidden: if op.target != nil { return false }
        case .required: if op.target == nil { return false }
        case .allowed: break
        }
        if op.isErased, !kind.flags.contains(.salted) { return false }
        guard let origin = op.origin else { return true }
        return origin.dot != op.dot && Self.canBeRehomed(kind)
    }

    private static func canBeRehomed(_ kind: ChatKind) -> Bool {
        switch kind {
        case .void, .introduction, .create, .grant, .revoke, .leave, .close, .importRun,
            .imported:
            false
        case .name, .about, .message, .edit, .delete, .reaction, .pin, .unpin, .poll,
            .pollQuestion, .pollSetting, .optionAdd, .optionText, .optionRemove, .vote,
            .readMark, .flag:
            true
        }
    }

    /// Whose row an edit or delete aims at is asked later; until then it is as a message.
    private static func asMessage(_ kind: ChatKind) -> ChatKind {
        kind == .edit || kind == .delete ? .message : kind
    }

    private func role(of writer: Writer, _ user: UserID, at point: AccessPoint) -> Role? {
        if let last = context.lastAccess, !(last < point) {
            return context.history.role(of: user, at: point)
        }
        if let role = writer.settledRole { return role }
        let role = context.history.role(of: user)
        writer.settledRole = .some(role)
        return role
    }

    func isModerator(_ writer: Writer, at point: AccessPoint) -> Bool {
        writer.user.map { context.history.role(of: $0, at: point) == .moderator } ?? false
    }

    private func takeWaiting(for key: OpKey) throws -> [OpKey] {
        let query = try HotStatement(db, "SELECT op FROM outcome WHERE waits_for = ?")
        query.bind(1, key.raw)
        var waiting: [OpKey] = []
        while try query.next() { waiting.append(OpKey(raw: query.int(0))) }
        let delete = try HotStatement(db, "DELETE FROM outcome WHERE waits_for = ?")
        delete.bind(1, key.raw)
        try delete.run()
        return waiting
    }
}
