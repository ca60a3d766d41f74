package import FikaCRDT
package import FikaLog
package import FikaStore
import FikaWire
import GRDB

/// A relay's log in one SQLite database, in a folder of its own.
///
/// Copies share the database; all are used by one thread at a time.
package struct SQLiteRelayLog: RelayLog {
    package typealias Failure = any Error

    package static func contradiction(_ what: String) -> any Error { StoreError.damaged(what) }

    let database: RelayDatabase
    private let work: RelayWork

    /// Opens the log of a folder; makes what is missing.
    ///
    /// - Parameters:
    ///   - folder: The relay's own folder; its owner alone may enter it.
    ///   - command: What this process is, for others that want the folder.
    ///   - environment: Time and randomness.
    /// - Throws: `StoreError.inUse` when another process has the folder, `newerFormat`, `damaged`.
    package init(folder: String, command: String, environment: StoreEnvironment) throws {
        database = try RelayDatabase(
            folder: RelayFolder(folder, command: command, environment: environment),
            environment: environment)
        work = try RelayWork(database)
    }

    /// The relay's key.
    package var key: DeviceKey { database.folder.key }

    /// Whether an old copy was put back, or the folder copied: then a new epoch began (rule S5).
    package var isRestored: Bool { database.isRestored }

    /// Moves the write-ahead log into the database and closes it; the log is not used after that.
    package func close() throws {
        try database.close()
    }

    /// Runs many calls without going through the connection's queue for each.
    package func hold<Value>(_ body: () throws -> Value) throws -> Value {
        try database.hold(body)
    }

    package mutating func transaction<Value>(
        _ body: (inout SQLiteRelayLog) throws -> Value
    ) throws -> Value {
        var log = self
        return try database.transaction { _ in try body(&log) }
    }

    /// Does some of what may wait: empties the write-ahead log of erased bodies, or merges the
    /// small segments of one log.
    ///
    /// Returns whether there was anything to do.
    package func tidy() throws -> Bool {
        try work.run(on: database)
    }

    package func epoch() throws -> Epoch? {
        try database.use { db in
            guard let bytes = try RelayMeta(db: db).bytes(RelayDatabase.epochKey) else {
                return nil
            }
            var reader = ByteReader(bytes.span.bytes)
            return Epoch(raw: try reader.readFixed64())
        }
    }

    package mutating func begin(_ epoch: Epoch) throws {
        var writer = ByteWriter()
        writer.write(fixed64: epoch.raw)
        try database.use { try RelayMeta(db: $0).set(RelayDatabase.epochKey, writer.bytes) }
    }
}

extension SQLiteRelayLog {
    private func ops<Value>(_ body: (SQLiteLog) throws -> Value) throws -> Value {
        try database.use { db in
            try body(SQLiteLog(db, catalog: database.catalog, reader: database.reader))
        }
    }

    package func logs() throws -> [LogID] {
        try ops { try $0.logs() }
    }

    package func replicas(of log: LogID) throws -> [ReplicaID] {
        try ops { try $0.replicas(of: log) }
    }

    package func card(of replica: ReplicaID, in log: LogID) throws -> Card? {
        try ops { try $0.card(of: replica, in: log) }
    }

    package func have(of replica: ReplicaID, in log: LogID) throws -> ReplicaHave {
        try ops { try $0.have(of: replica, in: log) }
    }

    package func seals(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) throws -> [HeldSeal] {
        try ops { try $0.seals(of: replica, in: log, seqs: seqs) }
    }

    package func ops(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) throws -> [Op] {
        try ops { try $0.ops(of: replica, in: log, seqs: seqs) }
    }

    package mutating func append(_ segment: VerifiedSegment) throws -> AppendReport {
        let report = try ops { log in
            var log = log
            return try log.append(segment)
        }
        if !report.newRows.isEmpty { work.appended(segment.log, ops: report.newRows.count) }
        return report
    }

    package mutating func erase(_ id: OpID, residue: [UInt8]) throws {
        try ops { log in
            var log = log
            try log.erase(id, residue: residue)
        }
        work.erased()
    }
}
