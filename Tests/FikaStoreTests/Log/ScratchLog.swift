import FikaCRDT
import FikaLog
import FikaStore
import GRDB

/// The log in an SQLite database in memory, each change in a transaction of its own.
///
/// What a store remembers between transactions is remembered here, and forgotten after a rollback.
struct ScratchLog: OpLog {
    static func contradiction(_ what: String) -> any Error { SQLiteLog.contradiction(what) }

    let queue: DatabaseQueue
    let catalog = Catalog()
    let reader = SegmentReader()

    init() throws {
        queue = try DatabaseQueue()
        try Migrations.migrator.migrate(queue)
    }

    func logs() throws -> [LogID] {
        try read { try $0.logs() }
    }

    func replicas(of log: LogID) throws -> [ReplicaID] {
        try read { try $0.replicas(of: log) }
    }

    func card(of replica: ReplicaID, in log: LogID) throws -> Card? {
        try read { try $0.card(of: replica, in: log) }
    }

    func have(of replica: ReplicaID, in log: LogID) throws -> ReplicaHave {
        try read { try $0.have(of: replica, in: log) }
    }

    func seals(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) throws -> [HeldSeal] {
        try read { try $0.seals(of: replica, in: log, seqs: seqs) }
    }

    func ops(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) throws -> [Op] {
        try read { try $0.ops(of: replica, in: log, seqs: seqs) }
    }

    mutating func append(_ segment: VerifiedSegment) throws -> AppendReport {
        try change { log, _ in try log.append(segment) }
    }

    mutating func erase(_ id: OpID, residue: [UInt8]) throws {
        try change { log, _ in try log.erase(id, residue: residue) }
    }

    /// Runs a transaction; one that throws leaves nothing, neither stored nor remembered.
    func change<Value>(_ body: (inout SQLiteLog, Database) throws -> Value) throws -> Value {
        do {
            return try queue.write { db in
                var log = SQLiteLog(db, catalog: catalog, reader: reader)
                return try body(&log, db)
            }
        } catch {
            catalog.forget()
            reader.forget()
            throw error
        }
    }

    private func read<Value>(_ body: (SQLiteLog) throws -> Value) throws -> Value {
        try queue.read { try body(SQLiteLog($0, catalog: catalog, reader: reader)) }
    }
}
