package import FikaCRDT
import FikaLog
package import GRDB

/// Verifies a log as it is stored: every op's hash, every chain, every seal.
package struct LogAudit {
    private let db: Database
    private let log: LogID
    private let row: Int64
    private let sqlite: SQLiteLog
    private let progress: (Int) -> Void
    private var audits: [Int64: ReplicaAudit] = [:]
    private var report: VerifyReport

    /// Adds to the report what one log gives; reads each segment once.
    package static func run(
        _ log: LogID, _ db: Database, into report: inout VerifyReport,
        progress: @escaping (Int) -> Void
    ) throws {
        let catalog = Catalog()
        guard let row = try catalog.row(of: log, db) else { return }
        let sqlite = SQLiteLog(db, catalog: catalog, reader: SegmentReader())
        var audit = LogAudit(
            db: db, log: log, row: row, sqlite: sqlite, progress: progress, report: report)
        try audit.prepare()
        try audit.walkSegments()
        try audit.checkUnsealed()
        audit.finish()
        report = audit.report
    }

    private init(
        db: Database, log: LogID, row: Int64, sqlite: SQLiteLog,
        progress: @escaping (Int) -> Void, report: VerifyReport
    ) {
        self.db = db
        self.log = log
        self.row = row
        self.sqlite = sqlite
        self.progress = progress
        self.report = report
    }

    private mutating func prepare() throws {
        report.logs += 1
        for replica in try sqlite.replicas(of: log) {
            guard let card = try sqlite.card(of: replica, in: log),
                let replicaRow = try sqlite.row(of: replica, in: log)
            else { continue }
            report.replicas += 1
            do {
                try card.verify(in: log)
            } catch {
                add(replica, 1, "its introduction does not verify: \(error)")
            }
            let seals = try sqlite.seals(of: replica, in: log, seqs: 1...UInt64.max)
            audits[replicaRow] = ReplicaAudit(
                log: log, card: card, have: try sqlite.have(ofRow: replicaRow), seals: seals)
        }
    }

    private mutating func walkSegments() throws {
        for id in try segmentIDs() {
            report.segments += 1
            do {
                try walk(id, try sqlite.reader.segment(id, db))
            } catch let error as StoreError {
                add(nil, nil, "\(error)")
            }
            progress(report.ops)
        }
    }

    private mutating func walk(_ id: Int64, _ segment: Segment) throws {
        guard segment.log == log else {
            return add(nil, nil, "segment \(id) says that it is of another log")
        }
        let replicas = try segment.replicas.map {
            try sqlite.catalog.row(of: $0, log: row, db)
        }
        for run in segment.runs where try !isIndexed(run, replicas[Int(run.replica)], id) {
            add(segment.replicas[Int(run.replica)], run.first, "segment_run does not list it")
        }
        for opRow in segment.rows {
            report.ops += 1
            let index = Int(segment.runs[Int(opRow.run)].replica)
            guard let replica = replicas[index], audits[replica] != nil else {
                add(segment.replicas[index], opRow.seq, "its replica was never introduced")
                continue
            }
            audits[replica]?.add(seq: opRow.seq, hash: segment.opHash(opRow))
        }
        for replica in audits.keys where (audits[replica]?.claims.count ?? 0) >= 256 {
            audits[replica]?.checkClaims()
        }
    }

    /// Unsealed ops follow the sealed ones of their replica without a gap.
    private mutating func checkUnsealed() throws {
        for replica in try sqlite.ownReplicas(ofLog: row) {
            let id = try sqlite.catalog.replica(replica, db).replica
            var next = (try sqlite.have(ofRow: replica).intervals.last?.last ?? 0) + 1
            for unsealed in try UnsealedTable(db: db).rows(ofReplica: replica) {
                if unsealed.key.seq != next {
                    add(id, unsealed.key.seq, "it is unsealed and does not follow op \(next - 1)")
                }
                next = unsealed.key.seq + 1
                report.unsealed += 1
            }
        }
    }

    private func isIndexed(_ run: SegmentRun, _ replica: Int64?, _ id: Int64) throws -> Bool {
        guard let replica else { return false }
        let query = try HotStatement(
            db, "SELECT last, segment FROM segment_run WHERE replica = ? AND first = ?")
        query.bind(1, replica)
        query.bind(2, Int64(run.first))
        guard try query.next() else { return false }
        defer { query.reset() }
        return query.int(0) == Int64(run.last) && query.int(1) == id
    }

    private mutating func finish() {
        for replica in audits.keys.sorted() {
            guard var audit = audits[replica] else { continue }
            audit.finish()
            report.seals += audit.sealCount
            report.problems += audit.problems
        }
    }

    private func segmentIDs() throws -> [Int64] {
        let query = try HotStatement(db, "SELECT id FROM segment WHERE log = ? ORDER BY id")
        query.bind(1, row)
        var ids: [Int64] = []
        while try query.next() { ids.append(query.int(0)) }
        return ids
    }

    private mutating func add(_ replica: ReplicaID?, _ seq: UInt64?, _ what: String) {
        report.problems.append(StoreProblem(log: log, replica: replica, seq: seq, what: what))
    }
}
