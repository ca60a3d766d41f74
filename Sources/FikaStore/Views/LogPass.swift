import FikaCRDT
import FikaChat
import FikaLog
import GRDB

/// One visit to a log's views within a transaction: what one call of ``Views`` does.
final class LogPass {
    let views: Views
    let context: LogContext
    let db: Database
    let indexesNow: Bool
    let search: SearchIndex

    let rowInsertion: HotStatement
    let rowQuery: HotStatement
    let reactionUpsert: HotStatement
    let importKeyInsertion: HotStatement

    var catalog: Catalog { views.catalog }

    init(views: Views, context: LogContext, indexesNow: Bool, _ db: Database) throws {
        self.views = views
        self.context = context
        self.db = db
        self.indexesNow = indexesNow
        search = SearchIndex(db: db)
        rowInsertion = try HotStatement(db, NewRow.insertion)
        rowQuery = try HotStatement(db, FoundRow.query)
        reactionUpsert = try HotStatement(db, Self.reactionUpsertion)
        importKeyInsertion = try HotStatement(
            db, "INSERT OR IGNORE INTO import_key (key, row, log) VALUES (?, ?, ?)")
    }

    /// Takes new ops.
    func take(_ ops: [ViewOp]) throws {
        try takeIdentities(ops)
        for op in ops { try note(op) }
        try compareBranches(ops)
        for op in ops where !context.needsRebuild { try put(op) }
        try judgeReleased()
    }

    /// Takes ops whose introductions, access and origins were all taken before.
    func take(again ops: [ViewOp]) throws {
        for op in ops { try note(op) }
        for op in ops { try put(op) }
        try judgeReleased()
    }

    /// Writes down what changed beside the rows.
    ///
    /// With `leavesIndex` new rows wait for search to take them in.
    func finish(leavesIndex: Bool = true) throws {
        guard !context.needsRebuild else { return }
        try judgeReleased()
        try storeWriters(leavesIndex: leavesIndex)
        try storeSummary()
    }

    /// The writer of a replica of this log.
    func writer(_ row: Int64) throws -> Writer {
        if let writer = context.writers[row] { return writer }
        let entry = try catalog.replica(row, db)
        let writer = Writer(row: row, replica: entry.replica)
        try introduce(writer, entry)
        let query = try HotStatement(
            db, "SELECT first, last FROM read_interval WHERE replica = ?")
        query.bind(1, row)
        while try query.next() {
            writer.read.insert(try query.seqs(0))
        }
        context.writers[row] = writer
        return writer
    }

    func introduce(_ writer: Writer, _ entry: ReplicaEntry) throws {
        writer.introduce(entry.introduction, in: context.id, viewer: views.viewer)
        writer.person = try writer.user.map { try views.people.row(of: $0, db) }
        writer.isDirty = true
    }

    /// The key of an op that others name by its dot.
    func key(_ dot: Dot) throws -> OpKey {
        try catalog.key(of: dot, log: context.row, db)
    }

    /// Orders two writes: by time, then replica, then seq.
    func isLater(_ time: HybridTime, _ key: OpKey, than other: HybridTime, _ otherKey: OpKey)
        throws -> Bool
    {
        if time != other || PlantedBug.breaksTiesByArrival.isPlanted { return time >= other }
        if key.replica == otherKey.replica { return key.seq > otherKey.seq }
        return try catalog.dot(key, db) > catalog.dot(otherKey, db)
    }

    /// Counts an op among those held.
    private func note(_ op: ViewOp) throws {
        let writer = try writer(op.key.replica)
        writer.seq = max(writer.seq, op.key.seq)
        if op.position == nil { writer.pending += 1 }
        let isContent =
            op.kind > .introduction && ChatKind(op.kind)?.flags.contains(.access) != true
        // The point of an imported line is known once its run is.
        if isContent, op.kind != ChatKind.imported.kind {
            writer.noteContent(op.key.seq, at: point(of: op, writer))
        }
        writer.isDirty = true
    }

    private func storeWriters(leavesIndex: Bool) throws {
        var upsert: HotStatement?
        for writer in context.writers.values where writer.isDirty {
            let statement =
                try upsert
                ?? HotStatement(
                    db,
                    """
                    REPLACE INTO writer
                    (replica, log, person, pending, pending_first, pending_last, position,
                        content_seq, seq, row_time)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """)
            upsert = statement
            statement.bind(1, writer.row)
            statement.bind(2, context.row)
            statement.bind(3, writer.person)
            statement.bind(4, Int64(writer.pending))
            statement.bind(5, writer.pendingTimes.map { Int64(bitPattern: $0.lowerBound.raw) })
            statement.bind(6, writer.pendingTimes.map { Int64(bitPattern: $0.upperBound.raw) })
            statement.bind(7, Int64(writer.position))
            statement.bind(8, Int64(writer.contentSeq))
            statement.bind(9, Int64(writer.seq))
            statement.bind(10, Int64(bitPattern: writer.rowTime.raw))
            try statement.run()
            writer.isDirty = false
            if leavesIndex { try search.leave(writer) } else { writer.forgetUnindexed() }
        }
    }

    private func storeSummary() throws {
        guard context.isSummaryDirty else { return }
        context.isSummaryDirty = false
        let summary = context.summary
        // Of a log that is only named elsewhere nothing is shown.
        let isEmpty = summary.kind == .unknown && summary.rows == 0 && !summary.isReadOnly
        if isEmpty, summary.name.op == nil, summary.about.op == nil { return }
        let store = try HotStatement(
            db,
            """
            REPLACE INTO room_summary (log, kind, is_member, is_read_only, name, name_time, name_op,
                about, about_time, about_op, last_time, last_row, rows, unread, mentions, read_time,
                read_row)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        store.bind(1, context.row)
        store.bind(2, summary.kind.stored)
        store.bind(3, summary.isMember ? 1 : 0)
        store.bind(4, summary.isReadOnly ? 1 : 0)
        store.bind(5, text: summary.name.text)
        store.bind(6, Int64(bitPattern: summary.name.time.raw))
        store.bind(7, summary.name.op?.raw)
        store.bind(8, text: summary.about.text)
        store.bind(9, Int64(bitPattern: summary.about.time.raw))
        store.bind(10, summary.about.op?.raw)
        store.bind(11, Int64(bitPattern: summary.lastTime.raw))
        store.bind(12, summary.lastRow?.raw)
        store.bind(13, summary.rows)
        store.bind(14, summary.unread)
        store.bind(15, summary.mentions)
        store.bind(16, Int64(bitPattern: summary.readTime.raw))
        store.bind(17, summary.readRow?.raw)
        try store.run()
    }
}
