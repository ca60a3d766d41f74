import FikaCRDT
package import FikaLog
package import GRDB

/// A client's store: the op log, its views and the outbox in one SQLite database.
///
/// One process writes and checkpoints (Debian's SQLite 3.40.1 can lose commits otherwise); others
/// may read.
package final class Store: Sendable {
    package let profile: StoreProfile
    package let mode: StoreMode
    package let environment: StoreEnvironment
    package let pool: DatabasePool
    private let key: DeviceKey
    private let writer: WriterBox

    static let fileName = "fika.sqlite"

    /// Makes an empty store in a folder.
    package static func create(
        atDirectory directory: String, profile: StoreProfile, key: DeviceKey,
        environment: StoreEnvironment
    ) throws -> Store {
        let pool = try StoreFile.open(directory + "/" + fileName, mode: .writing)
        try Migrations.migrator.migrate(pool)
        try pool.write { db in
            guard try MetaTable(db: db).bytes(.user) == nil else {
                throw StoreError.alreadyExists(path: directory)
            }
            try MetaTable(db: db).store(profile)
        }
        return Store(
            pool: pool, profile: profile, mode: .writing, key: key, environment: environment)
    }

    /// Opens the store of a folder; the lock and the marker are the caller's business.
    package static func open(
        atDirectory directory: String, mode: StoreMode, key: DeviceKey,
        environment: StoreEnvironment
    ) throws -> Store {
        let pool = try StoreFile.open(directory + "/" + fileName, mode: mode)
        try StoreFile.checkFormat(pool, path: directory)
        if mode == .writing { try Migrations.migrator.migrate(pool) }
        let profile = try pool.read { try MetaTable(db: $0).profile() }
        guard profile.publicKey == key.publicKey else {
            throw StoreError.damaged("the device key in `identity` is not this store's")
        }
        return Store(
            pool: pool, profile: profile, mode: mode, key: key, environment: environment)
    }

    private init(
        pool: DatabasePool, profile: StoreProfile, mode: StoreMode, key: DeviceKey,
        environment: StoreEnvironment
    ) {
        self.pool = pool
        self.profile = profile
        self.mode = mode
        self.key = key
        self.environment = environment
        writer = WriterBox(
            StoreWriter(profile: profile, key: key, environment: environment))
    }

    /// Reads on a connection of its own; what a write does meanwhile is not seen.
    package func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try pool.read(body)
    }

    /// Writes in one transaction that is on disk when this returns.
    ///
    /// When the commit fails, what the writer remembered is forgotten and the error thrown: the
    /// caller looks up what became of it and never repeats it blindly.
    package func write<Value>(
        durability: Durability = .full, _ body: (StoreWriter, Database) throws -> Value
    ) throws -> Value {
        precondition(mode == .writing, "a store opened for reading is not written")
        return try pool.writeWithoutTransaction { db in
            try durability.apply(to: db)
            defer { try? Durability.full.apply(to: db) }
            do {
                var value: Value?
                try db.inTransaction(.immediate) {
                    value = try body(writer.writer, db)
                    return .commit
                }
                guard let value else { preconditionFailure("the transaction ran") }
                return value
            } catch {
                writer.writer.forget()
                throw error
            }
        }
    }

    /// Moves the write-ahead log into the database and cuts it to nothing (rule E2).
    package func checkpointTruncating() throws {
        try pool.writeWithoutTransaction { db in
            _ = try db.checkpoint(.truncate)
        }
    }

    package func close() throws {
        try pool.close()
    }
}

/// Lets the writer be touched on the pool's writing queue, and nowhere else.
///
/// `@unchecked`: ``Store/write(durability:_:)`` is its only user, inside GRDB's serial queue.
private final class WriterBox: @unchecked Sendable {
    let writer: StoreWriter

    init(_ writer: StoreWriter) {
        self.writer = writer
    }
}
