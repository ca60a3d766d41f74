import FikaCRDT
import FikaChat
import FikaLog
import GRDB

extension LogPass {
    /// Takes note of where the lines of a run are from; only seq 2 tells (rule M23).
    func putRun(_ op: ViewOp, _ writer: Writer) throws {
        guard case .importRun(let run)? = try decode(op), op.key.seq == 2 else { return }
        writer.run = (run, op.time)
        let replace = try HotStatement(
            db, "REPLACE INTO import_run (replica, source, channel, time) VALUES (?, ?, ?, ?)")
        replace.bind(1, writer.row)
        replace.bind(2, text: run.source)
        replace.bind(3, text: run.channel)
        replace.bind(4, Int64(bitPattern: op.time.raw))
        try replace.run()
    }

    /// An imported line waits for its run, unless its replica's second op is none.
    func admissionWithoutRun(_ op: ViewOp, _ writer: Writer) throws -> Admission {
        guard op.key.seq != 2 else { return .no(.ignored) }
        let key = writer.key(2)
        if !context.isRebuilding, let second = try views.source.viewOp(key, db),
            second.kind != ChatKind.importRun.kind
        {
            return .no(.ignored)
        }
        return .no(.waiting, waitsFor: key)
    }

    /// Rules M22 and M23.
    func putImported(_ op: ViewOp, _ writer: Writer) throws {
        guard let run = writer.run?.run else { return }
        var row = NewRow(key: op.key, time: op.time, kind: op.kind, author: 0)
        let importKey: ImportKey?
        var text: ArraySlice<UInt8> = []
        if op.isErased {
            row.author = try views.people.row(ofName: [], db)
            row.marks = [.deleted, .doomed]
            importKey = ImportKey(residue: op.body)
        } else {
            guard case .imported(let line)? = try decode(op) else { return }
            row.author = try views.people.row(ofName: Array(line.author.utf8)[...], db)
            row.detail = Int64(line.type.rawValue)
            importKey = ImportKey(log: context.id, run: run, time: op.time, line)
            text = Array(line.text.utf8)[...]
        }
        if let importKey {
            importKeyInsertion.bind(1, Int64(bitPattern: importKey.raw))
            importKeyInsertion.bind(2, op.key.raw)
            importKeyInsertion.bind(3, context.row)
            try importKeyInsertion.run()
            if db.changesCount == 0 { return try putDuplicate(op, row, importKey) }
        }
        try insert(row, text: text, writer)
        if op.isErased { try condemnAimed(at: [op.key]) }
    }

    /// Joins a line to the row of the same line; the first by stamp gives place and author.
    private func putDuplicate(_ op: ViewOp, _ new: NewRow, _ importKey: ImportKey) throws {
        let query = try HotStatement(db, "SELECT row FROM import_key WHERE key = ? AND log = ?")
        query.bind(1, Int64(bitPattern: importKey.raw))
        query.bind(2, context.row)
        guard try query.next() else { return }
        let key = OpKey(raw: query.int(0))
        query.reset()
        guard var row = try row(key) else {
            throw StoreError.damaged("import key of the missing row \(key.raw)")
        }
        try insertAlias(op.key, for: row.key)
        if new.marks.contains(.deleted) {
            row = try hide(row)
            try condemn(row)
        } else if row.marks.contains(.doomed) {
            try condemn(op.key)
        }
        if row.marks.contains(.doomed) { try condemnAimed(at: [op.key]) }
        if try isLater(row.time, row.standing, than: op.time, op.key) {
            try place(row, by: op)
        }
        context.released.append(op.key)
    }

    /// Gives a row the place, and so the importer, of another of its ops.
    private func place(_ row: FoundRow, by op: ViewOp) throws {
        let update = try HotStatement(db, "UPDATE row SET placed = ?, time = ? WHERE op = ?")
        update.bind(1, op.key.raw)
        update.bind(2, Int64(bitPattern: op.time.raw))
        update.bind(3, row.key.raw)
        try update.run()
        let summary = context.summary
        guard summary.lastRow == row.key else {
            // Equal lines are of one millisecond, so only a neighbour can change its place.
            return
        }
        try findLastRow()
    }

    /// Looks the last row up anew, since it moved or went.
    func findLastRow() throws {
        let query = try HotStatement(
            db,
            """
            SELECT op, time FROM row WHERE log = ? ORDER BY \(RowOrder.falling) LIMIT 1
            """)
        query.bind(1, context.row)
        let isThere = try query.next()
        context.summary.lastRow = isThere ? OpKey(raw: query.int(0)) : nil
        context.summary.lastTime =
            isThere ? HybridTime(raw: UInt64(bitPattern: query.int(1))) : .zero
        query.reset()
        context.isSummaryDirty = true
    }

    func insertAlias(_ op: OpKey, for id: OpKey) throws {
        let insert = try HotStatement(
            db, "REPLACE INTO alias (op, log, stands_for) VALUES (?, ?, ?)")
        insert.bind(1, op.raw)
        insert.bind(2, context.row)
        insert.bind(3, id.raw)
        try insert.run()
        context.hasAliases = true
    }
}
