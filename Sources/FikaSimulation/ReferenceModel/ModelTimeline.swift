import FikaCRDT
import FikaChat
import FikaLog

/// Builds what is shown of a log from the ops that count.
struct ModelTimeline {
    private let judgement: ModelJudgement
    private let counting: [(id: Dot, op: ModelOp)]
    private var deleted: Set<Dot>
    /// Pins that are ended, whether they are here or not (rule M9).
    private var unpinned: Set<Dot> = []

    init(_ judgement: ModelJudgement) {
        self.judgement = judgement
        counting = judgement.counting
        deleted = judgement.identity.erasedLines
        for (id, op) in counting {
            switch op.body {
            case .erased(let kind, _):
                if kind.isRow { deleted.insert(id) }
            case .says(.delete(let target)):
                deleted.insert(judgement.identity.resolve(target))
            case .says(.unpin(let unpin, _)):
                unpinned.formUnion(unpin.pins.map { judgement.identity.resolve($0) })
            case .says, .malformed, .unsupported:
                break
            }
        }
    }

    var state: LogState {
        let access = judgement.admission.access
        var rows = counting.compactMap { row($0.id, $0.op) }
        rows += judgement.log.inOrder.compactMap { systemRow($0) }
        rows.sort { left, right in
            if left.stamp != right.stamp { return left.stamp < right.stamp }
            if left.id.seq != right.id.seq { return left.id.seq < right.id.seq }
            return left.id.replica < right.id.replica
        }
        let texts = registers
        return LogState(
            log: judgement.log.id, kind: access.logKind, name: texts.name, about: texts.about,
            members: access.members, rows: rows)
    }

    // MARK: Rows

    private func row(_ id: Dot, _ op: ModelOp) -> TimelineRow? {
        guard let kind = op.kind, kind.isRow, let user = judgement.log.user(of: op) else {
            return nil
        }
        let author = author(of: op, user, isDeleted: deleted.contains(id))
        guard !deleted.contains(id) else {
            return TimelineRow(id: id, stamp: op.op.stamp, author: author, content: .deleted)
        }
        guard case .says(let says) = op.body else { return nil }
        var row = TimelineRow(id: id, stamp: op.op.stamp, author: author, content: .deleted)
        switch says {
        case .message(let body, let reply):
            let edits = edits(of: id)
            let latest = edits.last ?? body
            row.content = .message(
                text: latest.text, mentions: latest.mentions,
                reply: reply.map { judgement.identity.resolve($0) })
            row.isEdited = !edits.isEmpty
        case .imported(let body):
            row.content = .imported(type: body.type, text: body.text)
        case .poll(let creation):
            row.content = .poll(ModelPoll(op, creation, id: id, judgement).state)
        case .name(let body):
            row.content = .system(.named(body.text))
            return row
        case .about(let body):
            row.content = .system(.about(body.text))
            return row
        case .void, .introduction, .create, .grant, .revoke, .leave, .close, .edit, .delete,
            .reaction, .pin, .unpin, .pollQuestion, .pollSetting, .optionAdd, .optionText,
            .optionRemove, .vote, .readMark, .flag, .importRun, .unsupported:
            return nil
        }
        row.reactions = reactions(to: id)
        row.pin = pin(of: id)
        return row
    }

    /// The name of an imported line's author goes with the body, once the line is deleted.
    private func author(of op: ModelOp, _ user: UserID, isDeleted: Bool) -> Author {
        guard op.kind == .imported else { return .user(user) }
        guard !isDeleted, case .says(.imported(let line)) = op.body else {
            return .imported(name: "", importer: user)
        }
        return .imported(name: line.author, importer: user)
    }

    private func systemRow(_ op: ModelOp) -> TimelineRow? {
        guard let kind = op.kind, kind.flags.contains(.access),
            judgement.outcomes[op.dot] == .counts, let user = judgement.log.user(of: op),
            case .says(let says) = op.body, let event = event(says)
        else { return nil }
        return TimelineRow(
            id: op.dot, stamp: op.op.stamp, author: .user(user), content: .system(event))
    }

    private func event(_ says: ChatOp) -> SystemEvent? {
        switch says {
        case .create(let creation):
            return .created(name: creation.name)
        case .grant(let grant):
            return .granted(user: grant.user, role: grant.role)
        case .revoke(let target):
            let named = judgement.log.ops[target]
            return named.flatMap { judgement.admission.fold.grantee(of: $0) }
                .map { .revoked(user: $0.0) }
        case .leave:
            return .left
        case .void, .introduction, .close, .name, .about, .message, .edit, .delete, .reaction,
            .pin, .unpin, .poll, .pollQuestion, .pollSetting, .optionAdd, .optionText,
            .optionRemove, .vote, .readMark, .flag, .importRun, .imported, .unsupported:
            return nil
        }
    }

    // MARK: What is aimed at rows

    private func aimed(at id: Dot) -> [(id: Dot, op: ModelOp)] {
        counting.filter { entry in
            entry.op.op.target.map { judgement.identity.resolve($0) } == id
        }
    }

    /// In the order of writes.
    private func edits(of id: Dot) -> [MessageBody] {
        aimed(at: id).compactMap { entry in
            if case .says(.edit(let body, _)) = entry.op.body { return body }
            return nil
        }
    }

    private func reactions(to id: Dot) -> [ReactionState] {
        var latest: [[UInt8]: [UserID: Bool]] = [:]
        for (_, op) in aimed(at: id) {
            guard case .says(.reaction(let reaction, _)) = op.body,
                let user = judgement.log.user(of: op)
            else { continue }
            latest[Array(reaction.emoji.utf8), default: [:]][user] = reaction.isOn
        }
        let emojis = latest.keys.sorted { $0.lexicographicallyPrecedes($1) }
        return emojis.compactMap { emoji in
            let users = (latest[emoji] ?? [:]).filter(\.value).keys.sorted()
            guard !users.isEmpty else { return nil }
            return ReactionState(emoji: String(decoding: emoji, as: UTF8.self), users: users)
        }
    }

    private func pin(of id: Dot) -> PinState? {
        let first = aimed(at: id).first { entry in
            guard case .says(.pin) = entry.op.body else { return false }
            return !unpinned.contains(entry.id)
        }
        guard let first, let user = judgement.log.user(of: first.op) else { return nil }
        return PinState(by: user, time: first.op.op.time)
    }

    // MARK: Registers

    /// Rule M11.
    private var registers: (name: String, about: String) {
        var names: [(write: ModelWrite, text: String)] = []
        var abouts: [(write: ModelWrite, text: String)] = []
        for op in judgement.log.inOrder where judgement.outcomes[op.dot] == .counts {
            switch op.body {
            case .says(.create(let creation)):
                names.append((op.write, creation.name))
                abouts.append((op.write, creation.about))
            case .says(.name(let body)):
                names.append((op.write, body.text))
            case .says(.about(let body)):
                abouts.append((op.write, body.text))
            case .says, .erased, .malformed, .unsupported:
                break
            }
        }
        return (
            names.max { $0.write < $1.write }?.text ?? "",
            abouts.max { $0.write < $1.write }?.text ?? ""
        )
    }
}
