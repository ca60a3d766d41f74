import FikaCRDT
import FikaChat
import FikaLog
import GRDB

extension LogPass {
    /// Takes ranges that have become final.
    func accept(_ ranges: [Acceptance]) throws {
        var hasAccess = false
        var origins: Set<OpKey> = []
        for range in ranges {
            if try place(range, table: "access_op") { hasAccess = true }
            if try place(range, table: "copy") { origins.formUnion(try self.origins(range)) }
            // What does not count where it is accepted leaves its place to its copies.
            if !context.origins.isEmpty {
                let keys = (range.first.raw...range.last.raw).filter(context.origins.contains)
                origins.formUnion(keys.map { OpKey(raw: $0) })
            }
        }
        // What was judged as pending is compared as such before it is no longer.
        if hasAccess { try foldAnew() }
        for range in ranges {
            let writer = try writer(range.first.replica)
            writer.pending -= min(writer.pending, range.count)
            writer.isDirty = true
        }
        for range in ranges where !context.needsRebuild { try judge(range) }
        for origin in origins.sorted() where !context.needsRebuild { try regroup(origin: origin) }
        guard !context.needsRebuild else { return }
        try judgeReleased()
        for range in ranges { try finalizeDeletes(range) }
    }

    /// Gives the ops of a range that stand in a table their positions; false when there is none.
    private func place(_ range: Acceptance, table: String) throws -> Bool {
        let update = try HotStatement(
            db, "UPDATE \(table) SET position = ?3 + op - ?1 WHERE op BETWEEN ?1 AND ?2")
        update.bind(1, range.first.raw)
        update.bind(2, range.last.raw)
        update.bind(3, Int64(range.position))
        try update.run()
        return db.changesCount > 0
    }

    private func origins(_ range: Acceptance) throws -> [OpKey] {
        let query = try HotStatement(db, "SELECT origin FROM copy WHERE op BETWEEN ? AND ?")
        query.bind(1, range.first.raw)
        query.bind(2, range.last.raw)
        var origins: [OpKey] = []
        while try query.next() { origins.append(OpKey(raw: query.int(0))) }
        return origins
    }

    private func foldAnew() throws {
        let old = context.history
        let ops = try LogLoader(views: views, db: db).accessOps(of: context.row)
        context.adopt(old.fold.history(of: ops))
        let before = Dictionary(uniqueKeysWithValues: old.ops.map { ($0.dot, $0.point) })
        try settle(from: old, changed: ops.filter { before[$0.dot] != $0.point })
        for op in ops {
            guard case .close(let close) = op.content, before[op.dot] != op.point,
                context.history.verdict(of: op.dot) == .counted
            else { continue }
            // From its position on it is above less than while it was pending.
            let row = try catalog.makeRow(of: close.replica, log: context.row, db)
            let last = context.history.closedBeyond(close.replica)?.lastCounting ?? close.seq
            if try writer(row).seq > last { context.needsRebuild = true }
        }
    }

    /// Compares the verdict at the positions with that at the stamps.
    private func judge(_ range: Acceptance) throws {
        let writer = try writer(range.first.replica)
        if context.hasCloses, context.history.closedBeyond(writer.replica) != nil {
            context.needsRebuild = true
            return
        }
        guard let user = writer.user, writer.contentSeq > 0, range.last.seq >= writer.contentSeq
        else { return }
        let skipped = max(writer.contentSeq, range.first.seq) - range.first.seq
        let last = range.position + range.count - 1
        writer.position = max(writer.position, last)
        if writer.pending == 0 { writer.pendingTimes = nil }
        let first = AccessPoint.accepted(range.position + skipped)
        guard let lastAccess = context.lastAccess, !(lastAccess < first) else { return }
        let history = context.history
        let role = history.role(of: user, at: first)
        let isSettled =
            role == history.role(of: user)
            && history.ops.allSatisfy {
                $0.point < first || history.role(of: user, at: $0.point) == role
            }
        if !isSettled { context.needsRebuild = true }
    }

    /// Makes final the deletes of a range (rule E1).
    private func finalizeDeletes(_ range: Acceptance) throws {
        guard range.position <= context.accessPosition else { return }
        let count = min(range.count, context.accessPosition - range.position + 1)
        let query = try HotStatement(
            db, "SELECT op, row FROM deletion WHERE op BETWEEN ? AND ? AND is_final = 0")
        query.bind(1, range.first.raw)
        query.bind(2, range.first.raw + Int64(count) - 1)
        try finalize(try deletes(query))
    }

    /// Makes final what was accepted and could not be judged for certain before.
    func finalizeOpenDeletes() throws {
        let query = try HotStatement(
            db, "SELECT op, row FROM deletion WHERE log = ? AND is_final = 0 ORDER BY op")
        query.bind(1, context.row)
        let table = AcceptanceTable(db: db)
        try finalize(
            try deletes(query).filter { delete in
                guard let position = try table.acceptance(of: delete.op)?.position else {
                    return false
                }
                return position <= context.accessPosition
            })
    }

    private func deletes(_ query: HotStatement) throws -> [(op: OpKey, row: OpKey)] {
        var deletes: [(OpKey, OpKey)] = []
        while try query.next() {
            deletes.append((OpKey(raw: query.int(0)), OpKey(raw: query.int(1))))
        }
        return deletes
    }

    private func finalize(_ deletes: [(op: OpKey, row: OpKey)]) throws {
        for delete in deletes {
            let update = try HotStatement(db, "UPDATE deletion SET is_final = 1 WHERE op = ?")
            update.bind(1, delete.op.raw)
            try update.run()
            if let row = try row(delete.row) { try condemn(row) }
        }
    }
}

extension Acceptance {
    var last: OpKey { OpKey(raw: first.raw + Int64(count) - 1) }
}
