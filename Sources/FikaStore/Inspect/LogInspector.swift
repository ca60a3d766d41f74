package import FikaCRDT
import FikaLog
package import GRDB

/// Looks into the op log on a reading connection; nothing here decodes more than it shows.
package struct LogInspector {
    private let db: Database
    private let catalog = Catalog()
    private let reader = SegmentReader()

    package init(_ db: Database) {
        self.db = db
    }

    private var sqlite: SQLiteLog { SQLiteLog(db, catalog: catalog, reader: reader) }

    /// All logs, rising by id.
    package func logs() throws -> [LogListing] {
        try sqlite.logs().compactMap { try listing(of: $0) }
    }

    /// The ids of all logs, rising.
    package func logIDs() throws -> [LogID] {
        try sqlite.logs()
    }

    /// What is held of a log; nil for one that was never seen.
    package func listing(of log: LogID) throws -> LogListing? {
        guard let row = try catalog.row(of: log, db) else { return nil }
        let replicas = try self.replicas(ofLog: row)
        let query = try HotStatement(
            db,
            """
            SELECT count(*), ifnull(sum(ops), 0), ifnull(sum(length(block)), 0)
            FROM segment WHERE log = ?
            """)
        query.bind(1, row)
        guard try query.next() else { return nil }
        defer { query.reset() }
        let seals = replicas.reduce(0) { $0 + $1.seals }
        return LogListing(
            log: log, preimage: try sqlite.preimage(ofLog: row), replicas: replicas,
            segments: Int(query.int(0)), sealedOps: Int(query.int(1)),
            blockBytes: Int(query.int(2)),
            proofBytes: seals * (Signature.byteCount + Digest.byteCount))
    }

    /// Gives the ops of a log in the order they are stored, unsealed ones last.
    ///
    /// `body` returns false to stop.
    package func forEachOp(
        of log: LogID, _ body: (InspectedOp) throws -> Bool
    ) throws {
        guard let row = try catalog.row(of: log, db) else { return }
        let query = try HotStatement(db, "SELECT id FROM segment WHERE log = ? ORDER BY id")
        query.bind(1, row)
        var ids: [Int64] = []
        while try query.next() { ids.append(query.int(0)) }
        for id in ids {
            let segment = try reader.segment(id, db)
            for opRow in segment.rows {
                let op = segment.op(opRow)
                guard try body(inspected(op, log: row, segment: id)) else { return }
            }
        }
        for replica in try sqlite.ownReplicas(ofLog: row) {
            let id = try catalog.replica(replica, db).replica
            for unsealed in try UnsealedTable(db: db).rows(ofReplica: replica) {
                let op = unsealed.op(log: log, replica: id)
                guard try body(inspected(op, log: row, segment: nil)) else { return }
            }
        }
    }

    /// The op that has this id; nil when it is not held.
    package func op(_ id: OpID) throws -> InspectedOp? {
        guard let row = try catalog.row(of: id.log, db),
            let replica = try catalog.row(of: id.dot.replica, log: row, db)
        else { return nil }
        if let unsealed = try UnsealedTable(db: db).row(
            OpKey(replica: replica, seq: id.dot.seq))
        {
            let op = unsealed.op(log: id.log, replica: id.dot.replica)
            return try inspected(op, log: row, segment: nil)
        }
        let seqs = id.dot.seq...id.dot.seq
        guard let op = try sqlite.ops(of: id.dot.replica, in: id.log, seqs: seqs).first else {
            return nil
        }
        let segment = try reader.segments(ofReplica: replica, seqs: seqs, db).first
        return try inspected(op, log: row, segment: segment)
    }

    private func inspected(_ op: Op, log: Int64, segment: Int64?) throws -> InspectedOp {
        let key = try catalog.key(of: op.id.dot, log: log, db)
        let entry = try catalog.replica(key.replica, db)
        let acceptance = try AcceptanceTable(db: db).acceptance(of: key)
        return InspectedOp(
            op: op, user: entry.user, isUnsealed: segment == nil, segment: segment,
            position: acceptance?.position)
    }

    private func replicas(ofLog row: Int64) throws -> [LogListing.Replica] {
        let query = try HotStatement(
            db,
            "SELECT id FROM replica WHERE log = ? AND intro_body IS NOT NULL ORDER BY replica_id")
        query.bind(1, row)
        var ids: [Int64] = []
        while try query.next() { ids.append(query.int(0)) }
        return try ids.map { id in
            let entry = try catalog.replica(id, db)
            return LogListing.Replica(
                replica: entry.replica, user: entry.user,
                deviceName: entry.introduction?.deviceName, own: entry.own,
                isImport: entry.isImport, have: try sqlite.have(ofRow: id),
                unsealed: try UnsealedTable(db: db).rows(ofReplica: id).count,
                seals: try count("SELECT count(*) FROM seal WHERE replica = ?", id))
        }
    }

    private func count(_ sql: String, _ value: Int64) throws -> Int {
        let query = try HotStatement(db, sql)
        query.bind(1, value)
        guard try query.next() else { return 0 }
        defer { query.reset() }
        return Int(query.int(0))
    }
}
