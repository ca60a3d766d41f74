import FikaCRDT
import FikaChat
import FikaLog
import GRDB

extension LogPass {
    /// Takes what a user keeps in the personal log: read marks and flags.
    func putPersonal(_ op: ViewOp, _ writer: Writer) throws {
        guard writer.isViewer, let says = try decode(op) else { return }
        switch says {
        case .readMark(let body):
            let log = try catalog.makeRow(of: body.log, db)
            let other = try views.context(ofLog: log, db)
            let pass = try LogPass(views: views, context: other, indexesNow: false, db)
            for mark in body.marks { try pass.mark(mark) }
            try pass.finish()
        case .flag(let flag):
            try setFlag(flag, op)
        case .void, .introduction, .create, .grant, .revoke, .leave, .close, .name, .about,
            .message, .edit, .delete, .reaction, .pin, .unpin, .poll, .pollQuestion,
            .pollSetting, .optionAdd, .optionText, .optionRemove, .vote, .importRun, .imported,
            .unsupported:
            break
        }
    }

    /// Rule M19: what is read stays read; only what was not read before is looked at.
    private func mark(_ mark: ReplicaMarks) throws {
        let row = try catalog.makeRow(of: mark.replica, log: context.row, db)
        let writer = try writer(row)
        let last = PlantedBug.readsWhatIsLate.isPlanted ? mark.seqs.intervals.last : nil
        let seqs = last.map { IntervalSet([1...$0.upperBound]) } ?? mark.seqs
        let added = seqs.subtracting(writer.read)
        writer.read.formUnion(seqs)
        for interval in added.intervals {
            try storeMarks(of: writer, around: interval)
            try read(interval, of: writer)
        }
    }

    /// Stores the interval that a new one became part of, in place of the others in it.
    private func storeMarks(of writer: Writer, around interval: ClosedRange<UInt64>) throws {
        guard let whole = writer.read.intervals.first(where: { $0.contains(interval.lowerBound) })
        else { return }
        let delete = try HotStatement(
            db, "DELETE FROM read_interval WHERE replica = ? AND first BETWEEN ? AND ?")
        delete.bind(1, writer.row)
        delete.bind(2, Int64(whole.lowerBound))
        delete.bind(3, Int64(whole.upperBound))
        try delete.run()
        let insert = try HotStatement(
            db, "INSERT INTO read_interval (replica, first, last) VALUES (?, ?, ?)")
        insert.bind(1, writer.row)
        insert.bind(2, Int64(whole.lowerBound))
        insert.bind(3, Int64(whole.upperBound))
        try insert.run()
    }

    private func read(_ interval: ClosedRange<UInt64>, of writer: Writer) throws {
        let first = writer.key(interval.lowerBound)
        let last = writer.key(interval.upperBound)
        try countRead(first, last)
        let update = try HotStatement(
            db, "UPDATE row SET unread = 0 WHERE op BETWEEN ? AND ? AND unread > 0")
        update.bind(1, first.raw)
        update.bind(2, last.raw)
        try update.run()
        try noteLatest(first, last)
        guard context.hasAliases else { return }
        for key in try aliased(first, last) {
            guard let row = try row(key) else { continue }
            try setUnread(0, row)
            guard row.kind == .message || row.kind == .poll else { continue }
            try noteRead(row.key, row.time, self.writer(row.standing.replica))
        }
    }

    private func countRead(_ first: OpKey, _ last: OpKey) throws {
        let query = try HotStatement(
            db,
            """
            SELECT count(*), count(*) FILTER (WHERE unread = 2) FROM row
            WHERE op BETWEEN ? AND ? AND unread > 0
            """)
        query.bind(1, first.raw)
        query.bind(2, last.raw)
        guard try query.next() else { return }
        context.summary.unread -= query.int(0)
        context.summary.mentions -= query.int(1)
        context.isSummaryDirty = true
        query.reset()
    }

    private func noteLatest(_ first: OpKey, _ last: OpKey) throws {
        let query = try HotStatement(
            db,
            """
            SELECT op, time, placed FROM row WHERE op BETWEEN ? AND ? AND kind IN (10, 16)
            ORDER BY \(RowOrder.falling) LIMIT 1
            """)
        query.bind(1, first.raw)
        query.bind(2, last.raw)
        guard try query.next() else { return }
        let row = OpKey(raw: query.int(0))
        let time = HybridTime(raw: UInt64(bitPattern: query.int(1)))
        let standing = query.optionalInt(2).map { OpKey(raw: $0) } ?? row
        query.reset()
        try noteRead(row, time, writer(standing.replica))
    }

    private func aliased(_ first: OpKey, _ last: OpKey) throws -> [OpKey] {
        let query = try HotStatement(
            db, "SELECT stands_for FROM alias WHERE op BETWEEN ? AND ?")
        query.bind(1, first.raw)
        query.bind(2, last.raw)
        var keys: [OpKey] = []
        while try query.next() { keys.append(OpKey(raw: query.int(0))) }
        return keys
    }

    private func setFlag(_ flag: LogFlag, _ op: ViewOp) throws {
        let log = try catalog.makeRow(of: flag.log, db)
        let query = try HotStatement(
            db, "SELECT time, op FROM log_flag WHERE log = ? AND flag = ?")
        query.bind(1, log)
        query.bind(2, Int64(flag.name.rawValue))
        guard try outdoes(op, query) else { return }
        let replace = try HotStatement(
            db, "REPLACE INTO log_flag (log, flag, is_on, time, op) VALUES (?, ?, ?, ?, ?)")
        replace.bind(1, log)
        replace.bind(2, Int64(flag.name.rawValue))
        replace.bind(3, flag.isOn ? 1 : 0)
        replace.bind(4, Int64(bitPattern: op.time.raw))
        replace.bind(5, op.key.raw)
        try replace.run()
    }
}
