package import FikaCRDT
import FikaLog
package import GRDB

/// Rows of logs and replicas, looked up once and then remembered.
///
/// It belongs to the one writing connection. After a transaction that was rolled back it must be
/// forgotten, since it may name rows that were never written.
package final class Catalog {
    private var logRows: [LogID: Int64] = [:]
    private var logIDs: [Int64: LogID] = [:]
    private var replicaRows: [Int64: [ReplicaID: Int64]] = [:]
    private var replicas: [Int64: ReplicaEntry] = [:]

    package init() {}

    /// Forgets everything.
    package func forget() {
        logRows = [:]
        logIDs = [:]
        replicaRows = [:]
        replicas = [:]
    }

    /// The row of a log; nil when the store has never seen it.
    package func row(of log: LogID, _ db: Database) throws -> Int64? {
        if let row = logRows[log] { return row }
        let query = try HotStatement(db, "SELECT id FROM log WHERE log_id = ?")
        query.bind(1, blob: log.bytes)
        guard try query.next() else { return nil }
        let row = query.int(0)
        query.reset()
        remember(log, row)
        return row
    }

    /// The row of a log, made when there is none.
    package func makeRow(of log: LogID, _ db: Database) throws -> Int64 {
        if let row = try row(of: log, db) { return row }
        let insert = try HotStatement(db, "INSERT INTO log (log_id) VALUES (?)")
        insert.bind(1, blob: log.bytes)
        try insert.run()
        remember(log, db.lastInsertedRowID)
        return db.lastInsertedRowID
    }

    /// The id of the log that has this row.
    package func log(_ row: Int64, _ db: Database) throws -> LogID {
        if let log = logIDs[row] { return log }
        let query = try HotStatement(db, "SELECT log_id FROM log WHERE id = ?")
        query.bind(1, row)
        guard try query.next(), let log = LogID(bytes: query.bytes(0)) else {
            throw StoreError.damaged("log row \(row) is missing or malformed")
        }
        query.reset()
        remember(log, row)
        return log
    }

    /// The row of a replica of a log; nil when no op of the log has ever named it.
    package func row(of replica: ReplicaID, log: Int64, _ db: Database) throws -> Int64? {
        if let row = replicaRows[log]?[replica] { return row }
        let query = try HotStatement(
            db, ReplicaEntry.select + " WHERE log = ? AND replica_id = ?")
        query.bind(1, log)
        query.bind(2, blob: replica.bytes)
        guard try query.next() else { return nil }
        let entry = try ReplicaEntry(query)
        query.reset()
        remember(entry)
        return entry.row
    }

    /// The row of a replica of a log, made when there is none.
    package func makeRow(of replica: ReplicaID, log: Int64, _ db: Database) throws -> Int64 {
        if let row = try row(of: replica, log: log, db) { return row }
        let insert = try HotStatement(db, "INSERT INTO replica (log, replica_id) VALUES (?, ?)")
        insert.bind(1, log)
        insert.bind(2, blob: replica.bytes)
        try insert.run()
        guard OpKey.replicaRows.contains(db.lastInsertedRowID) else {
            throw StoreError.damaged("replica row \(db.lastInsertedRowID) is beyond all rows")
        }
        let entry = ReplicaEntry(row: db.lastInsertedRowID, log: log, replica: replica)
        remember(entry)
        return entry.row
    }

    /// What the store knows of the replica that has this row.
    package func replica(_ row: Int64, _ db: Database) throws -> ReplicaEntry {
        if let entry = replicas[row] { return entry }
        let query = try HotStatement(db, ReplicaEntry.select + " WHERE id = ?")
        query.bind(1, row)
        guard try query.next() else {
            throw StoreError.damaged("replica row \(row) is missing")
        }
        let entry = try ReplicaEntry(query)
        query.reset()
        remember(entry)
        return entry
    }

    /// The key of an op that is named by its dot; makes a row for a replica not seen before.
    package func key(of dot: Dot, log: Int64, _ db: Database) throws -> OpKey {
        OpKey(replica: try makeRow(of: dot.replica, log: log, db), seq: dot.seq)
    }

    /// The dot that a key stands for.
    package func dot(_ key: OpKey, _ db: Database) throws -> Dot {
        Dot(replica: try replica(key.replica, db).replica, seq: key.seq)
    }

    /// Takes note of what was written about a replica.
    package func update(_ entry: ReplicaEntry) {
        remember(entry)
    }

    private func remember(_ log: LogID, _ row: Int64) {
        logRows[log] = row
        logIDs[row] = log
    }

    private func remember(_ entry: ReplicaEntry) {
        replicaRows[entry.log, default: [:]][entry.replica] = entry.row
        replicas[entry.row] = entry
    }
}
