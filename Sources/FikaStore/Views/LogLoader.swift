import FikaCRDT
import FikaChat
import FikaLog
import GRDB

/// Reads a log's context from the views: a fixed number of queries.
struct LogLoader {
    let views: Views
    let db: Database

    func load(_ log: Int64) throws -> LogContext {
        let id = try views.catalog.log(log, db)
        let unknown = AccessFold(log: id, trustedRelays: views.trustedRelays)
        let context = LogContext(row: log, id: id, history: unknown.history(of: []))
        try loadWriters(context)
        // Only derived logs have one, and then every introduction shows the same.
        context.preimage =
            context.writers.values.lazy.compactMap { $0.introduction?.preimage }.first
        let fold = AccessFold(
            log: id, preimage: context.preimage, trustedRelays: views.trustedRelays)
        context.adopt(fold.history(of: try accessOps(of: log)))
        context.awaited = try set("SELECT waits_for FROM outcome WHERE log = ? AND state = 1", log)
        context.origins = try set("SELECT origin FROM copy WHERE log = ?", log)
        context.hasAliases = try !set("SELECT 1 FROM alias WHERE log = ? LIMIT 1", log).isEmpty
        context.accessPosition = try SyncTable(db: db).accessPosition(ofLog: log)
        try loadSummary(context)
        return context
    }

    /// All access ops of the log, as they are folded.
    func accessOps(of log: Int64) throws -> [AccessOp] {
        let query = try HotStatement(
            db,
            """
            SELECT op, kind, time, position, target, other_branch, body FROM access_op
            WHERE log = ?
            """)
        query.bind(1, log)
        var rows: [AccessRow] = []
        while try query.next() { rows.append(try AccessRow(query)) }
        return try rows.map { try $0.accessOp(views.catalog, db) }
    }

    private func loadWriters(_ context: LogContext) throws {
        let query = try HotStatement(
            db,
            """
            SELECT replica, person, pending, pending_first, pending_last, position, content_seq,
                seq, row_time
            FROM writer WHERE log = ?
            """)
        query.bind(1, context.row)
        var found: [[Int64?]] = []
        while try query.next() { found.append((0..<9).map { query.optionalInt($0) }) }
        for row in found {
            let replica = row[0] ?? 0
            let entry = try views.catalog.replica(replica, db)
            let writer = Writer(row: replica, replica: entry.replica)
            writer.person = row[1]
            writer.pending = try Self.natural(row[2])
            if let first = row[3], let last = row[4], 0 <= first, first <= last {
                writer.pendingTimes =
                    HybridTime(raw: UInt64(first))...HybridTime(raw: UInt64(last))
            }
            writer.position = try Self.natural(row[5])
            writer.contentSeq = try Self.natural(row[6])
            writer.seq = try Self.natural(row[7])
            writer.rowTime = HybridTime(raw: UInt64(bitPattern: row[8] ?? 0))
            // Of a replica that is only named so far the log may know more than was put in yet.
            if writer.seq > 0 {
                writer.introduce(entry.introduction, in: context.id, viewer: views.viewer)
            }
            context.writers[replica] = writer
        }
        try loadRuns(context)
        try loadMarks(context)
    }

    private static func natural(_ value: Int64?) throws -> UInt64 {
        guard let value = UInt64(exactly: value ?? 0) else {
            throw StoreError.damaged("a number of a writer is negative")
        }
        return value
    }

    private func loadRuns(_ context: LogContext) throws {
        let query = try HotStatement(
            db,
            """
            SELECT replica, source, channel, import_run.time FROM writer
            JOIN import_run USING (replica) WHERE log = ?
            """)
        query.bind(1, context.row)
        while try query.next() {
            context.writers[query.int(0)]?.run = (
                ImportRun(source: query.text(1), channel: query.text(2)),
                HybridTime(raw: UInt64(bitPattern: query.int(3)))
            )
        }
    }

    private func loadMarks(_ context: LogContext) throws {
        let query = try HotStatement(
            db,
            """
            SELECT replica, first, last FROM writer JOIN read_interval USING (replica)
            WHERE log = ?
            """)
        query.bind(1, context.row)
        while try query.next() {
            context.writers[query.int(0)]?.read
                .insert(try query.seqs(1))
        }
    }

    private func loadSummary(_ context: LogContext) throws {
        let query = try HotStatement(
            db,
            """
            SELECT kind, is_member, is_read_only, name, name_time, name_op, about, about_time,
                about_op, last_time, last_row, rows, unread, mentions, read_time, read_row
            FROM room_summary WHERE log = ?
            """)
        query.bind(1, context.row)
        guard try query.next() else { return }
        defer { query.reset() }
        var summary = LogSummary()
        summary.kind = LogKind(stored: query.int(0))
        summary.isMember = query.int(1) != 0
        summary.isReadOnly = query.int(2) != 0
        summary.name = register(query, 3)
        summary.about = register(query, 6)
        summary.lastTime = HybridTime(raw: UInt64(bitPattern: query.int(9)))
        summary.lastRow = query.optionalInt(10).map { OpKey(raw: $0) }
        summary.rows = try count(query, 11)
        summary.unread = try count(query, 12)
        summary.mentions = try count(query, 13)
        summary.readTime = HybridTime(raw: UInt64(bitPattern: query.int(14)))
        summary.readRow = query.optionalInt(15).map { OpKey(raw: $0) }
        context.summary = summary
    }

    /// A number of rows, with room to count on.
    private func count(_ query: HotStatement, _ column: Int32) throws -> Int64 {
        Int64(truncatingIfNeeded: min(try query.natural(column), 1 << 48))
    }

    private func register(_ query: HotStatement, _ column: Int32) -> LogSummary.Register {
        LogSummary.Register(
            text: query.text(column),
            time: HybridTime(raw: UInt64(bitPattern: query.int(column + 1))),
            op: query.optionalInt(column + 2).map { OpKey(raw: $0) })
    }

    private func set(_ sql: String, _ log: Int64) throws -> Set<Int64> {
        let query = try HotStatement(db, sql)
        query.bind(1, log)
        var found: Set<Int64> = []
        while try query.next() {
            if let value = query.optionalInt(0) { found.insert(value) }
        }
        return found
    }
}
