import FikaCRDT
import FikaLog
import FikaStore
import GRDB

/// Checks all that a relay stores: the file, each op, chain and seal, and the order.
struct RelayAudit {
    private let db: Database
    private let catalog = Catalog()
    private let log: SQLiteLog
    private(set) var problems: [String] = []

    private static let problemsMaximum = 100

    /// What is wrong, a sentence each; empty when nothing is.
    ///
    /// Throws where the system failed.
    static func problems(_ db: Database) throws -> [String] {
        var audit = RelayAudit(db)
        do {
            try db.tidily { try audit.run() }
        } catch let error where !StoreError.isOfSystem(error) {
            audit.problems.append("\((error as? StoreError) ?? StoreError(database: error) as Any)")
        }
        return Array(audit.problems.prefix(problemsMaximum))
    }

    private init(_ db: Database) {
        self.db = db
        log = SQLiteLog(db, catalog: catalog, reader: SegmentReader())
    }

    private mutating func run() throws {
        let words = try String.fetchAll(db, sql: "PRAGMA integrity_check(20)")
        problems += words.filter { $0 != "ok" }
        if !problems.isEmpty { try db.checkReads() }
        // A file whose making was cut short has nothing to check.
        guard try db.tableExists("log_order") else { return }
        problems += try SchemaAudit.problems(db, madeBy: RelaySchema.migrator)
        guard problems.isEmpty else { return }
        for id in try log.logs() {
            var report = VerifyReport()
            try LogAudit.run(id, db, into: &report, progress: { _ in })
            problems += report.problems.map(\.description)
            try checkOrder(of: id)
        }
    }

    /// The running hashes are those of the ops at their positions.
    private mutating func checkOrder(of id: LogID) throws {
        guard let row = try catalog.row(of: id, db) else { return }
        var next: UInt64 = 1
        var running: Digest? = RunningHash.start(log: id)
        for run in try placements(ofLog: row) {
            // Below a head that was taken over positions may be missing yet.
            if run.position != next { running = nil }
            let replica = try catalog.replica(run.replica, db).replica
            let ops = try log.ops(of: replica, in: id, seqs: run.seq...run.seq + run.count - 1)
            if UInt64(ops.count) != run.count {
                problems.append("log \(id): position \(run.position) has no op")
            }
            for op in ops {
                running = running.map { RunningHash.next(after: $0, opHash: op.hash) }
            }
            if let running, running != run.running {
                problems.append("log \(id): position \(run.position) is not what was ordered")
                return
            }
            running = run.running
            next = run.position + run.count
        }
        try checkEnd(of: id, row, next: next, running)
    }

    private mutating func checkEnd(
        of id: LogID, _ row: Int64, next: UInt64, _ running: Digest?
    ) throws {
        let query = try HotStatement(db, "SELECT position, running FROM log_order WHERE log = ?")
        query.bind(1, row)
        guard try query.next() else { return }
        defer { query.reset() }
        let position = try query.natural(0)
        guard position + 1 == next, let running else { return }
        if Digest(bytes: query.bytes(1)) != running {
            problems.append("log \(id): its order does not end where it says")
        }
    }

    private struct Run {
        let replica: Int64
        let seq: UInt64
        let count: UInt64
        let position: UInt64
        let running: Digest
    }

    private func placements(ofLog row: Int64) throws -> [Run] {
        let query = try HotStatement(
            db,
            """
            SELECT replica, seq, count, position, running FROM placement
            WHERE log = ? ORDER BY position
            """)
        query.bind(1, row)
        var runs: [Run] = []
        while try query.next() {
            guard let running = Digest(bytes: query.bytes(4)) else {
                throw StoreError.damaged("the placement at position \(query.int(3))")
            }
            runs.append(
                Run(
                    replica: query.int(0), seq: try query.seq(1), count: try query.seq(2),
                    position: try query.natural(3), running: running))
        }
        return runs
    }
}
