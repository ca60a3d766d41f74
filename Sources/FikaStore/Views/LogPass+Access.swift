import FikaCRDT
import FikaChat
import FikaLog
import GRDB

extension LogPass {
    /// Takes what other ops are judged by: introductions, access ops, and which ops are copies.
    func takeIdentities(_ ops: some Collection<ViewOp>) throws {
        var access: [ViewOp] = []
        var copies: [ViewOp] = []
        var introduced: Set<Int64> = []
        for op in ops {
            let writer = try writer(op.key.replica)
            if writer.isStranger || op.kind == .introduction {
                if writer.isStranger {
                    try introduce(writer, try catalog.replica(op.key.replica, db))
                }
                introduced.insert(writer.row)
                try takePreimage(of: writer)
            }
            if ChatKind(op.kind)?.flags.contains(.access) == true { access.append(op) }
            if op.origin != nil { copies.append(op) }
        }
        try fold(access)
        guard !context.needsRebuild else { return }
        for op in copies { try register(copy: op) }
        for origin in try origins(of: copies, introduced) { try regroup(origin: origin) }
    }

    /// Rule M1: the first introduction of a derived log says what it is.
    private func takePreimage(of writer: Writer) throws {
        guard context.preimage == nil, let preimage = writer.introduction?.preimage else { return }
        context.preimage = preimage
        let old = context.history
        let fold = AccessFold(
            log: context.id, preimage: preimage, trustedRelays: views.trustedRelays)
        context.adopt(fold.history(of: old.ops))
        try settle(from: old, changed: [])
    }

    // MARK: Folding

    private func fold(_ ops: [ViewOp]) throws {
        guard !ops.isEmpty else { return }
        let old = context.history
        var new = old
        var changed: [AccessOp] = []
        for op in ops {
            guard let row = try accessRow(op) else { continue }
            try store(row)
            changed.append(try row.accessOp(catalog, db))
        }
        new.insert(contentsOf: changed)
        context.adopt(new)
        try settle(from: old, changed: changed)
        for op in changed {
            if case .close(let close) = op.content, new.verdict(of: op.dot) == .counted {
                try settle(close, old, new)
            }
            try noteVerdict(of: op)
        }
    }

    /// An access op as it is folded; nil, and noted, when it is malformed or a stranger's.
    private func accessRow(_ op: ViewOp) throws -> AccessRow? {
        let writer = try writer(op.key.replica)
        guard op.time.isWellFormed, op.origin == nil, !op.isErased,
            let says = try? ChatOp.decode(
                kind: op.kind, target: op.target, body: Array(op.body))
        else {
            try ignore(op)
            return nil
        }
        guard !writer.isStranger else {
            try keep(op, .waiting, waitsFor: writer.key(1))
            return nil
        }
        guard let introduction = writer.introduction else {
            try ignore(op)
            return nil
        }
        var isOfOtherBranch = false
        if case .close(let close) = says,
            context.history.fold.believes(AccessAuthor(introduction))
        {
            isOfOtherBranch = try isOtherBranch(close)
        }
        return AccessRow(
            key: op.key, kind: op.kind, time: op.time, position: op.position,
            target: try op.target.map { try key($0) }, isOfOtherBranch: isOfOtherBranch,
            body: Array(op.body))
    }

    /// Whether what is held of a closed replica is not what the close means.
    private func isOtherBranch(_ close: Close) throws -> Bool {
        let replica = try catalog.makeRow(of: close.replica, log: context.row, db)
        guard
            let chain = try views.source.chain(
                ofReplica: replica, through: close.seq, db)
        else { return false }
        return chain != close.chain
    }

    /// Asks again, of closed replicas of which more is held now, whether it is the branch meant.
    func compareBranches(_ ops: some Collection<ViewOp>) throws {
        guard context.hasCloses, !context.isRebuilding else { return }
        let replicas = Set(ops.map(\.dot.replica))
        for op in context.history.ops {
            guard case .close(let close) = op.content, replicas.contains(close.replica),
                context.history.fold.believes(op.author),
                try isOtherBranch(close) != op.closesOtherBranch
            else { continue }
            context.needsRebuild = true
        }
    }

    private func store(_ row: AccessRow) throws {
        let replace = try HotStatement(
            db,
            """
            REPLACE INTO access_op
            (op, log, kind, time, position, target, other_branch, body)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """)
        replace.bind(1, row.key.raw)
        replace.bind(2, context.row)
        replace.bind(3, Int64(row.kind.number))
        replace.bind(4, Int64(bitPattern: row.time.raw))
        replace.bind(5, row.position.map { Int64($0) })
        replace.bind(6, row.target?.raw)
        replace.bind(7, row.isOfOtherBranch ? 1 : 0)
        replace.bind(8, blob: row.body)
        try replace.run()
    }

    private func noteVerdict(of op: AccessOp) throws {
        let key = try key(op.dot)
        let delete = try HotStatement(db, "DELETE FROM outcome WHERE op = ?")
        delete.bind(1, key.raw)
        try delete.run()
        let outcome: Outcome
        switch context.history.verdict(of: op.dot) {
        case .counted, .withoutEffect, nil: return
        case .ignored(.beyondClose): outcome = .setAside
        case .ignored: outcome = .ignored
        case .waiting: outcome = .waiting
        }
        let insert = try HotStatement(
            db, "INSERT INTO outcome (op, log, state) VALUES (?, ?, ?)")
        insert.bind(1, key.raw)
        insert.bind(2, context.row)
        insert.bind(3, outcome.rawValue)
        try insert.run()
    }

    // MARK: What follows

    /// Brings rows and members to a new history, or asks for a rebuild when it judges content
    /// that is there otherwise than before.
    func settle(from old: AccessHistory, changed: [AccessOp]) throws {
        let new = context.history
        let isCascade = old.ops.contains { old.verdict(of: $0.dot) != new.verdict(of: $0.dot) }
        if !context.isRebuilding {
            try compare(old, new, changed, isCascade)
            if context.needsRebuild { return }
        }
        try storeMembers(old, new)
        if isCascade {
            for op in new.ops { try showRow(of: op, new) }
            for op in new.ops { try noteVerdict(of: op) }
        } else {
            for op in changed { try showRow(of: op, new) }
        }
        context.summary.kind = new.kind
        context.summary.isMember = new.role(of: views.viewer) != nil
        context.isSummaryDirty = true
    }

    private func compare(
        _ old: AccessHistory, _ new: AccessHistory, _ changed: [AccessOp], _ isCascade: Bool
    ) throws {
        var users = Set(changed.compactMap { Self.subject(of: $0, new) })
        if isCascade || old.kind != new.kind {
            users.formUnion(context.writers.values.compactMap(\.user))
        }
        let writers = context.writers.values.filter { writer in
            writer.contentSeq > 0 && (writer.user.map { users.contains($0) } ?? false)
        }
        guard !writers.isEmpty else { return }
        if old.kind != new.kind {
            context.needsRebuild = true
            return
        }
        let points = Set((old.ops + new.ops).map(\.point)).sorted()
        for writer in writers {
            guard let user = writer.user else { continue }
            for (index, point) in points.enumerated() {
                let next = index + 1 < points.count ? points[index + 1] : nil
                let before = next.map { old.role(of: user, at: $0) } ?? old.role(of: user)
                let after = next.map { new.role(of: user, at: $0) } ?? new.role(of: user)
                if before != after, writer.hasContent(above: point, upTo: next) {
                    context.needsRebuild = true
                    return
                }
            }
        }
    }

    /// Whose membership an access op is about.
    private static func subject(of op: AccessOp, _ history: AccessHistory) -> UserID? {
        switch op.content {
        case .create, .leave: op.author.user
        case .grant(let grant): grant.user
        case .revoke(let target): history.grantedUser(target)
        case .void, .introduction, .close, .name, .about, .message, .edit, .delete, .reaction,
            .pin, .unpin, .poll, .pollQuestion, .pollSetting, .optionAdd, .optionText,
            .optionRemove, .vote, .readMark, .flag, .importRun, .imported, .unsupported:
            nil
        }
    }

    /// A close that is new: what is here beyond it goes, and copies of that come to count.
    private func settle(_ close: Close, _ old: AccessHistory, _ new: AccessHistory) throws {
        guard !context.isRebuilding else { return }
        let row = try catalog.makeRow(of: close.replica, log: context.row, db)
        let last = new.closedBeyond(close.replica)?.lastCounting ?? close.seq
        if try writer(row).seq > last { context.needsRebuild = true }
        for origin in context.origins.sorted() where OpKey(raw: origin).replica == row {
            try regroup(origin: OpKey(raw: origin))
        }
    }

    private func storeMembers(_ old: AccessHistory, _ new: AccessHistory) throws {
        let before = Dictionary(uniqueKeysWithValues: old.members.map { ($0.user, $0.role) })
        let after = Dictionary(uniqueKeysWithValues: new.members.map { ($0.user, $0.role) })
        for user in Set(before.keys).union(after.keys).sorted() where before[user] != after[user] {
            let person = try views.people.row(of: user, db)
            if let role = after[user] {
                let replace = try HotStatement(
                    db, "REPLACE INTO member (log, person, role) VALUES (?, ?, ?)")
                replace.bind(1, context.row)
                replace.bind(2, person)
                replace.bind(3, Int64(role.rawValue))
                try replace.run()
            } else {
                let delete = try HotStatement(
                    db, "DELETE FROM member WHERE log = ? AND person = ?")
                delete.bind(1, context.row)
                delete.bind(2, person)
                try delete.run()
            }
        }
    }

    // MARK: System rows

    private func showRow(of op: AccessOp, _ history: AccessHistory) throws {
        guard op.content.known != .close else { return }
        let key = try key(op.dot)
        let isShown = try row(key) != nil
        guard history.verdict(of: op.dot)?.counts == true else {
            if isShown { context.needsRebuild = true }
            return
        }
        let writer = try writer(key.replica)
        guard !isShown, let person = writer.person else { return }
        let time = try time(of: key)
        var row = NewRow(
            key: key, time: time, kind: op.content.kind, author: person)
        switch op.content {
        case .create(let creation):
            try setRegister(\.name, creation.name, time, key)
            try setRegister(\.about, creation.about, time, key)
            try insert(row, text: Array(creation.name.utf8)[...], writer)
        case .grant(let grant):
            row.detail = Int64(grant.role.rawValue)
            try insert(row, text: Array(grant.user.text.utf8)[...], writer)
        case .revoke(let target):
            let user = history.grantedUser(target)?.text ?? ""
            try insert(row, text: Array(user.utf8)[...], writer)
        case .leave:
            try insert(row, text: [], writer)
        case .void, .introduction, .close, .name, .about, .message, .edit, .delete, .reaction,
            .pin, .unpin, .poll, .pollQuestion, .pollSetting, .optionAdd, .optionText,
            .optionRemove, .vote, .readMark, .flag, .importRun, .imported, .unsupported:
            break
        }
    }

    private func time(of key: OpKey) throws -> HybridTime {
        let query = try HotStatement(db, "SELECT time FROM access_op WHERE op = ?")
        query.bind(1, key.raw)
        guard try query.next() else { return .zero }
        defer { query.reset() }
        return HybridTime(raw: UInt64(bitPattern: query.int(0)))
    }
}
