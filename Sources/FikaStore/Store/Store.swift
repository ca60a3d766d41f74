package import FikaCRDT
package import FikaLog
package import GRDB
import Synchronization

/// A client's store: the op log, its views and the outbox in one SQLite database.
///
/// One process writes and checkpoints (Debian's SQLite 3.40.1 can lose commits otherwise); others
/// may read.
package final class Store: Sendable {
    package let folder: String
    package let profile: StoreProfile
    package let environment: StoreEnvironment
    package let pool: DatabasePool
    /// Nil when the store was opened for reading.
    private let writing: Writing?
    private let listener = Mutex<Listener?>(nil)

    static let fileName = "fika.sqlite"

    /// Makes an empty store in a folder, which is made where it is missing.
    ///
    /// - Parameters:
    ///   - folder: The store's own folder; its owner alone may enter it.
    ///   - profile: Whose store it is.
    ///   - identity: The secrets; its device key is the profile's.
    ///   - command: What this process is, for others that want to write.
    ///   - environment: Time and randomness.
    /// - Returns: The store, open for writing.
    /// - Throws: `StoreError.alreadyExists` when the folder holds one, `StoreError.inUse`.
    package static func create(
        folder: String, profile: StoreProfile, identity: IdentityFile, command: String,
        environment: StoreEnvironment
    ) throws -> Store {
        try StoreFile.makeFolder(folder)
        let lock = try StoreLock(folder: folder, command: command)
        try StoreFile.makePrivate(folder + "/" + fileName)
        let pool = try StoreFile.open(folder + "/" + fileName, isReadOnly: false)
        try StoreFile.migrate(pool, by: Migrations.migrator)
        guard try !pool.read({ try MetaTable(db: $0).isMade() }) else {
            throw StoreError.alreadyExists(path: folder)
        }
        // A making that crashed may have left files; no op was ever written with them.
        try StoreFile.removeLeftovers(folder)
        try identity.write(folder: folder)
        let store = try writing(
            folder: folder, profile: profile, key: identity.device, pool: pool, lock: lock,
            environment: environment)
        try store.advanceMarker { writer, db in try MetaTable(db: db).store(profile) }
        return store
    }

    /// Opens the store of a folder.
    ///
    /// - Parameters:
    ///   - folder: The store's folder.
    ///   - mode: What for.
    ///   - environment: Time and randomness.
    /// - Returns: The store. One that was restored or cloned goes on as new replicas (rule S6).
    /// - Throws: `StoreError.notFound`, `newerFormat`, `damaged`, `inUse`.
    package static func open(
        folder: String, mode: StoreMode, environment: StoreEnvironment
    ) throws -> Store {
        let path = folder + "/" + fileName
        guard StoreFile.exists(path) else { throw StoreError.notFound(path: folder) }
        switch mode {
        case .reading:
            let pool = try StoreFile.openForReading(folder: folder, path)
            return Store(
                folder: folder, profile: try pool.read { try MetaTable(db: $0).profile() },
                environment: environment, pool: pool, writing: nil)
        case .writing(let command):
            let lock = try StoreLock(folder: folder, command: command)
            let pool = try StoreFile.open(path, isReadOnly: false)
            try StoreFile.checkFormat(pool, path: folder)
            try StoreFile.migrate(pool, by: Migrations.migrator)
            return try openForWriting(
                folder: folder, pool: pool, lock: lock, environment: environment)
        }
    }

    private static func openForWriting(
        folder: String, pool: DatabasePool, lock: StoreLock, environment: StoreEnvironment
    ) throws -> Store {
        let (profile, record) = try pool.read { db in
            (try MetaTable(db: db).profile(), try MetaTable(db: db).markerRecord())
        }
        let identity = try IdentityFile(folder: folder)
        guard profile.publicKey == identity.device.publicKey else {
            throw StoreError.damaged("the device key in `identity` is not this store's")
        }
        let found = try StoreMarker.opening(folder: folder)
        let relays = try pool.read { try MetaTable(db: $0).trustedRelays() }
        let verdict = MarkerRecord.verdict(
            record: record, reading: try found?.reading() ?? .missing)
        let store = try writing(
            folder: folder, profile: profile, key: identity.device, pool: pool, lock: lock,
            environment: environment)
        store.writing?.writer.views.trust(relays)
        if verdict != .same, !PlantedBug.reusesSeqs.isPlanted {
            try store.advanceMarker { writer, db in _ = try writer.rehome(db) }
        }
        try? store.scrub()
        return store
    }

    private static func writing(
        folder: String, profile: StoreProfile, key: DeviceKey, pool: DatabasePool,
        lock: StoreLock, environment: StoreEnvironment
    ) throws -> Store {
        var generator = environment.generator
        let marker = try StoreMarker.adopting(folder: folder, using: &generator)
        let log = WriteAheadLog()
        pool.writeWithoutTransaction { log.watch($0) }
        let writer = StoreWriter(profile: profile, key: key, environment: environment)
        return Store(
            folder: folder, profile: profile, environment: environment, pool: pool,
            writing: Writing(writer: writer, lock: lock, marker: marker, log: log))
    }

    private init(
        folder: String, profile: StoreProfile, environment: StoreEnvironment,
        pool: DatabasePool, writing: Writing?
    ) {
        self.folder = folder
        self.profile = profile
        self.environment = environment
        self.pool = pool
        self.writing = writing
    }

    /// Whether it was opened for writing.
    package var isWriting: Bool { writing != nil }

    /// Seals all that is unsealed in some logs, so that it may be handed over (rule O3).
    ///
    /// Seals and marker are on disk when this returns. Returns how many ops were sealed.
    @discardableResult
    package func seal(_ logs: [LogID]) throws -> Int {
        let isNeeded = try read { db in try logs.contains { try hasUnsealed($0, db) } }
        guard isNeeded else { return 0 }
        return try advanceMarker { writer, db in
            try logs.reduce(0) { $0 + (try writer.seal($1, db)) }
        }
    }

    private func hasUnsealed(_ log: LogID, _ db: Database) throws -> Bool {
        let query = try HotStatement(
            db,
            """
            SELECT 1 FROM unsealed JOIN replica ON replica.id = unsealed.op >> 32
            JOIN log ON log.id = replica.log WHERE log.log_id = ? LIMIT 1
            """)
        query.bind(1, blob: log.bytes)
        return try query.hasRow()
    }

    /// Runs a transaction before whose bytes may leave the marker must be a step further.
    @discardableResult
    func advanceMarker<Value>(
        _ body: (StoreWriter, Database) throws -> Value
    ) throws -> Value {
        guard let marker = writing?.marker else {
            preconditionFailure("a store opened for reading is not written")
        }
        guard case .value(let value, let file) = try marker.reading() else {
            throw StoreError.damaged("the file `marker` is unreadable")
        }
        var generator = environment.generator
        let record = MarkerRecord.advancing(from: value, file: file, using: &generator)
        let result = try write { writer, db in
            try MetaTable(db: db).set(.marker, record.bytes)
            return try body(writer, db)
        }
        try marker.write(record.next)
        return result
    }

    /// Reads on a connection of its own; what a write does meanwhile is not seen.
    package func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try pool.read { db in try db.tidily { try body(db) } }
    }

    /// Writes in one transaction that is on disk when this returns.
    ///
    /// When the commit fails, what the writer remembered is forgotten and the error thrown: the
    /// caller looks up what became of it and never repeats it blindly. After a transaction that
    /// erased, the file is scrubbed.
    package func write<Value>(
        durability: Durability = .full, _ body: (StoreWriter, Database) throws -> Value
    ) throws -> Value {
        try write(durability: { _, _ in durability }, body)
    }

    func write<Value>(
        durability: (StoreWriter, Database) throws -> Durability,
        _ body: (StoreWriter, Database) throws -> Value
    ) throws -> Value {
        let (value, hasErased) = try transaction(durability: durability) { writer, db in
            defer { writer.hasErased = false }
            return (try body(writer, db), writer.hasErased)
        }
        // The erasing is done and committed; a scrub that fails now is made good later.
        if hasErased { try? scrub() }
        return value
    }

    func transaction<Value>(
        durability: Durability, _ body: (StoreWriter, Database) throws -> Value
    ) throws -> Value {
        try transaction(durability: { _, _ in durability }, body)
    }

    /// Writes in one transaction whose durability is asked just before it begins.
    func transaction<Value>(
        durability: (StoreWriter, Database) throws -> Durability,
        _ body: (StoreWriter, Database) throws -> Value
    ) throws -> Value {
        guard let writing else {
            preconditionFailure("a store opened for reading is not written")
        }
        let (result, change) = try onWriter { db in
            try db.tidily { try durability(writing.writer, db).apply(to: db) }
            defer { try? Durability.full.apply(to: db) }
            let changesBefore = db.totalChangesCount
            do {
                var value: Value?
                try db.inTransaction(.immediate) {
                    value = try db.tidily { try body(writing.writer, db) }
                    return .commit
                }
                guard let value else { preconditionFailure("the transaction ran") }
                let hasChanged = db.totalChangesCount != changesBefore
                return (value, writing.writer.takeChange(hasChanged: hasChanged, db))
            } catch {
                writing.writer.forget()
                throw error
            }
        }
        if let change, let listener = listener.withLock({ $0 }) { listener.body(change) }
        return result
    }

    /// Calls a function after every transaction that changed something, on the thread that wrote.
    package func onChange(_ body: @escaping @Sendable (StoreChange) -> Void) {
        listener.withLock { $0 = Listener(body: body) }
    }

    /// A function in a lock by itself is converted to a generic one and back each time the lock is
    /// taken: its calls would go through two more functions after each transaction.
    private struct Listener: Sendable {
        let body: @Sendable (StoreChange) -> Void
    }

    /// Believes the closes of these relays, and of no others, from now on.
    package func trust(_ relays: Set<PublicKey>) throws {
        try write { writer, db in
            try MetaTable(db: db).setTrustedRelays(relays)
            writer.views.trust(relays)
            try writer.views.rebuildAll(db)
        }
    }

    /// Moves the write-ahead log into the database and cuts it to nothing (rule E2).
    package func checkpointTruncating() throws {
        try onWriter { db in
            _ = try db.checkpoint(.truncate)
        }
    }

    /// Does something on the writing connection, on a write-ahead log without holes.
    private func onWriter<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try pool.writeWithoutTransaction { db in
            guard let log = writing?.log else { return try body(db) }
            do {
                try log.makeGood(db)
                return try body(db)
            } catch {
                log.note(error)
                throw db.cause(of: error)
            }
        }
    }

    /// Closes the database and lets others write; the store is not used after that.
    ///
    /// Who opens it next need not read through the write-ahead log first.
    package func close() throws {
        if isWriting {
            // Somebody who reads may hold it up; then the next who writes does it.
            try? pool.writeWithoutTransaction { db in
                // Closing twice is allowed, and then there is no connection any more.
                if db.sqliteConnection != nil { _ = try db.checkpoint(.truncate) }
            }
        }
        try pool.close()
        writing?.unlock()
    }
}

/// What only the writing process has.
///
/// `@unchecked`: only ``Store/write(durability:_:)`` touches the writer, inside GRDB's serial
/// writing queue; the rest never changes.
private final class Writing: @unchecked Sendable {
    let writer: StoreWriter
    let marker: StoreMarker
    let log: WriteAheadLog
    private let lock: Mutex<StoreLock?>

    init(writer: StoreWriter, lock: StoreLock, marker: StoreMarker, log: WriteAheadLog) {
        self.writer = writer
        self.marker = marker
        self.log = log
        self.lock = Mutex(lock)
    }

    func unlock() {
        lock.withLock { $0 = nil }
    }
}
