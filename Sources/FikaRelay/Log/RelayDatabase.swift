import FikaCRDT
import FikaStore
import FikaWire
import GRDB

/// The one connection to a relay's database, used by one thread at a time.
///
/// Each commit is on disk when it returns. While ``hold(_:)`` runs, calls go straight to the
/// connection; others go through its queue each.
final class RelayDatabase {
    let folder: RelayFolder
    let catalog = Catalog()
    let reader = SegmentReader()
    /// Whether the database is not the one that was left here: an old copy, or a clone.
    let isRestored: Bool
    private let queue: DatabaseQueue
    private let environment: StoreEnvironment
    private var current: Database?
    private var isInTransaction = false
    private var markedAt: UInt64 = 0

    /// A marker that is this old is written again with the next commit.
    private static let markerMilliseconds: UInt64 = 1000
    private static let markerKey = "marker"
    static let epochKey = "epoch"

    init(folder: RelayFolder, environment: StoreEnvironment) throws {
        self.folder = folder
        self.environment = environment
        queue = try Self.open(folder.path + "/" + RelayFolder.databaseName)
        let isNewer = try queue.read { try RelaySchema.migrator.hasBeenSuperseded($0) }
        guard !isNewer else { throw StoreError.newerFormat(folder.path) }
        try StoreFile.migrate(queue, by: RelaySchema.migrator)
        let record = try queue.read { db in
            try RelayMeta(db: db).bytes(Self.markerKey).flatMap { try? MarkerRecord(bytes: $0) }
        }
        let hasEpoch = try queue.read { try RelayMeta(db: $0).bytes(Self.epochKey) != nil }
        isRestored =
            hasEpoch && folder.verdict(record: record) != .same
            && !PlantedBug.relayTrustsOldCopies.isPlanted
        try transaction { if isRestored { try beginAgain($0) } }
        try scrub()
    }

    /// What was ordered after the copy was made is not known here: clients must not take what comes
    /// now for it (rule S5).
    private func beginAgain(_ db: Database) throws {
        var generator = environment.generator
        var writer = ByteWriter()
        writer.write(fixed64: generator.next())
        try RelayMeta(db: db).set(Self.epochKey, writer.bytes)
        try HotStatement(db, "UPDATE log_order SET first_given = NULL").run()
    }

    private static func open(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "fikad"
        configuration.journalMode = .wal
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { db in
            try db.tidily {
                // Deleted means gone: freed bytes are overwritten.
                try db.execute(sql: "PRAGMA secure_delete = ON")
                try db.execute(sql: "PRAGMA cache_size = -65536")
                try db.execute(sql: "PRAGMA temp_store = MEMORY")
            }
        }
        let queue = try StoreFile.opening {
            try DatabaseQueue(path: path, configuration: configuration)
        }
        try queue.writeWithoutTransaction { try StoreFile.checkJournal($0) }
        // GRDB sets NORMAL after it has prepared a connection.
        try queue.writeWithoutTransaction { db in
            try WriteAheadLog.renew(db)
            guard !PlantedBug.acksBeforeSync.isPlanted else { return }
            try db.execute(sql: "PRAGMA synchronous = FULL")
        }
        return queue
    }

    /// Reads, or writes within a transaction.
    func use<Value>(_ body: (Database) throws -> Value) throws -> Value {
        if let current { return try body(current) }
        return try hold {
            guard let current else { preconditionFailure("the connection is held") }
            return try body(current)
        }
    }

    /// Keeps the connection for all calls within the body.
    func hold<Value>(_ body: () throws -> Value) throws -> Value {
        guard current == nil else { return try body() }
        return try queue.writeWithoutTransaction { db in
            current = db
            defer { current = nil }
            return try db.tidily(body)
        }
    }

    /// Commits what the body writes, or nothing of it; then what was remembered is forgotten.
    func transaction<Value>(_ body: (Database) throws -> Value) throws -> Value {
        precondition(!isInTransaction, "a transaction runs within another one")
        isInTransaction = true
        defer { isInTransaction = false }
        do {
            return try use { db in try commit(body, db) }
        } catch {
            catalog.forget()
            reader.forget()
            throw error
        }
    }

    private func commit<Value>(_ body: (Database) throws -> Value, _ db: Database) throws -> Value {
        let now = environment.now()
        let isDue = now < markedAt || now >= markedAt + Self.markerMilliseconds
        let record = isDue ? try folder.nextRecord() : nil
        var value: Value?
        try db.inTransaction(.immediate) {
            value = try db.tidily {
                let value = try body(db)
                if let record { try RelayMeta(db: db).set(Self.markerKey, record.bytes) }
                return value
            }
            return .commit
        }
        // The commit stands whether or not the marker is written: it then has the present value.
        if let record, (try? folder.advance(to: record)) != nil { markedAt = now }
        guard let value else { preconditionFailure("the transaction ran") }
        return value
    }

    /// Empties the write-ahead log, in which erased bodies may stand (rule E2).
    func scrub() throws {
        try use { db in _ = try db.checkpoint(.truncate) }
    }

    func close() throws {
        try transaction { _ in }
        try scrub()
        try queue.close()
        folder.unlock()
    }
}
