package import FikaChat
package import FikaCRDT
import FikaLog
package import GRDB

extension StoreWriter {
    /// One old message to import: when it was said and what.
    package struct ImportItem: Sendable {
        /// Milliseconds since 1970-01-01 UTC.
        package let milliseconds: UInt64
        package let message: ImportedMessage

        package init(milliseconds: UInt64, message: ImportedMessage) {
            self.milliseconds = milliseconds
            self.message = message
        }
    }

    /// Imports old messages as a new replica, sealed at once (rules O6 and M22).
    ///
    /// - Parameters:
    ///   - items: By rising time; those of one time in their order.
    ///   - run: Where they come from.
    ///   - log: The room.
    ///   - db: The writing connection, in a transaction.
    ///   - progress: Told now and then how many are stored.
    /// - Returns: How many were new; the others are in the log already.
    /// - Throws: `StoreError` or a database error; the transaction is then rolled back.
    package func importItems(
        _ items: [ImportItem], run: ImportRun, into log: LogID, _ db: Database,
        progress: (Int) -> Void
    ) throws -> Int {
        let logRow = try makeReady(log, db)
        let start = OpDraft(.importRun, body: run.body)
        try check(start, log: logRow, db)
        let fresh = try newItems(items, run: run, log: log, logRow: logRow, db)
        guard !fresh.isEmpty else { return 0 }
        var chain = try introduceReplica(inLog: logRow, isImport: true, db)
        try append(start, origin: nil, to: &chain, log: logRow, db)
        var ops = try UnsealedTable(db: db).rows(ofReplica: chain.row).map {
            $0.op(log: log, replica: chain.replica)
        }
        let first = OpKey(replica: chain.row, seq: 1)
        try UnsealedTable(db: db).delete(ofReplica: chain.row)
        try OutboxTable(db: db).removeAll(ofReplica: chain.row)
        var stored = 0
        var generator = environment.generator
        var clock = ImportClock()
        for item in fresh {
            ops.append(
                Op(
                    kind: ChatKind.imported.kind,
                    id: OpID(log: log, replica: chain.replica, seq: chain.nextSeq),
                    time: clock.time(at: item.milliseconds),
                    content: .body(item.message.body, salt: Salt(using: &generator))))
            chain.nextSeq += 1
            guard ops.count == Limits.segmentOpsMaximum else { continue }
            stored += try store(imported: ops, log: logRow, db)
            ops = []
            progress(stored)
        }
        stored += try store(imported: ops, log: logRow, db)
        progress(stored)
        try OutboxTable(db: db).insert(
            first: first, last: OpKey(replica: chain.row, seq: chain.nextSeq - 1),
            writtenAt: environment.now(), isImport: true)
        return fresh.count
    }

    private func store(imported ops: [Op], log: Int64, _ db: Database) throws -> Int {
        let source = StoredOps(catalog: catalog, reader: reader)
        for segment in try appendSealed(ops, db) {
            // Introduction and run are in the views since they were written.
            let rows = try source.viewOps(segment.segment, log: log, db).filter {
                $0.kind == ChatKind.imported.kind
            }
            try views.apply(rows, db)
        }
        return ops.count
    }

    private func newItems(
        _ items: [ImportItem], run: ImportRun, log: LogID, logRow: Int64, _ db: Database
    ) throws -> [ImportItem] {
        try items.filter { item in
            let key = ImportKey(
                log: log, run: run, time: HybridTime(milliseconds: item.milliseconds),
                item.message)
            return try !views.holds(key, log: logRow, db)
        }
    }
}

/// Gives imported ops their times: the original's, counted up within a millisecond.
struct ImportClock {
    private var last = HybridTime.zero

    mutating func time(at milliseconds: UInt64) -> HybridTime {
        last = max(HybridTime(milliseconds: milliseconds), last.next)
        return last
    }
}
