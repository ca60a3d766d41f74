package import FikaCRDT
import FikaLog
package import GRDB

/// Verifies a log as it is stored: every op's hash, every chain, every seal.
package struct LogAudit {
    let db: Database
    let log: LogID
    let row: Int64
    let sqlite: SQLiteLog
    private let progress: (Int) -> Void
    private var audits: [Int64: ReplicaAudit] = [:]
    /// Replicas of which so much is wrong that their ops are not looked at.
    private var isSetAside: Set<ReplicaID> = []
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
        try checkLogRow()
        for (replicaRow, replica) in try replicaRows() {
            do {
                try prepare(replica, row: replicaRow)
            } catch let error as StoreError {
                isSetAside.insert(replica)
                add(replica, nil, "\(error)")
            }
        }
    }

    private mutating func prepare(_ replica: ReplicaID, row replicaRow: Int64) throws {
        let have = try sqlite.have(ofRow: replicaRow)
        guard let card = try sqlite.catalog.replica(replicaRow, db).card else {
            guard let first = have.intervals.first?.first else { return }
            isSetAside.insert(replica)
            return add(replica, first, "its replica was never introduced")
        }
        report.replicas += 1
        guard card.replica == replica else {
            isSetAside.insert(replica)
            return add(replica, 1, "its introduction is of replica \(card.replica)")
        }
        do {
            try card.verify(in: log)
        } catch {
            add(replica, 1, "its introduction does not verify: \(error)")
        }
        let seals = try sqlite.seals(of: replica, in: log, seqs: 1...UInt64.max)
        audits[replicaRow] = ReplicaAudit(log: log, card: card, have: have, seals: seals)
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
            return add(nil, nil, "segment \(id) says that it is of log \(segment.log)")
        }
        if try !hasTrueColumns(id, segment) {
            add(nil, nil, "the columns of segment \(id) do not say what it holds")
        }
        let replicas = try segment.replicas.map { try auditedRow(of: $0) }
        for run in segment.runs where try !isIndexed(run, replicas[Int(run.replica)], id) {
            let replica = segment.replicas[Int(run.replica)]
            guard !isSetAside.contains(replica) else { continue }
            add(replica, run.first, "segment_run does not list it")
        }
        for opRow in segment.rows {
            report.ops += 1
            let index = Int(segment.runs[Int(opRow.run)].replica)
            guard let replica = replicas[index] else {
                if isSetAside.insert(segment.replicas[index]).inserted {
                    add(segment.replicas[index], opRow.seq, "its replica was never introduced")
                }
                continue
            }
            audits[replica]?.add(seq: opRow.seq, hash: segment.opHash(opRow))
        }
        for replica in audits.keys where (audits[replica]?.claims.count ?? 0) >= 256 {
            audits[replica]?.checkClaims()
        }
    }

    /// The row of a replica that is audited.
    private func auditedRow(of replica: ReplicaID) throws -> Int64? {
        do {
            let row = try sqlite.catalog.row(of: replica, log: row, db)
            return row.flatMap { audits[$0] == nil ? nil : $0 }
        } catch is StoreError {
            return nil
        }
    }

    /// Unsealed ops follow the sealed ones of their replica without a gap.
    private mutating func checkUnsealed() throws {
        // A relay writes nothing unsealed.
        guard try db.tableExists("unsealed") else { return }
        for (replicaRow, replica) in try replicaRows() {
            do {
                try checkUnsealed(replica, row: replicaRow)
            } catch let error as StoreError where !isSetAside.contains(replica) {
                add(replica, nil, "\(error)")
            } catch is StoreError {}
        }
    }

    private mutating func checkUnsealed(_ replica: ReplicaID, row replicaRow: Int64) throws {
        var next = (try sqlite.have(ofRow: replicaRow).intervals.last?.last ?? 0) + 1
        for unsealed in try UnsealedTable(db: db).rows(ofReplica: replicaRow) {
            if unsealed.key.seq != next {
                add(replica, unsealed.key.seq, "it is unsealed and does not follow op \(next - 1)")
            }
            next = unsealed.key.seq + 1
            report.unsealed += 1
        }
    }

    private mutating func finish() {
        for replica in audits.keys.sorted() {
            guard var audit = audits[replica] else { continue }
            audit.finish()
            report.seals += audit.sealCount
            report.problems += audit.problems
        }
    }

    mutating func add(_ replica: ReplicaID?, _ seq: UInt64?, _ what: String) {
        report.problems.append(StoreProblem(log: log, replica: replica, seq: seq, what: what))
    }
}
