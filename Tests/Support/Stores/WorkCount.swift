package import FikaStore
package import GRDB
import GRDBSQLite
import Synchronization

/// Counts what SQLite is asked to do: the same on every machine, unlike time.
package struct WorkCount: Sendable, Hashable {
    /// Statements run, `BEGIN` and `COMMIT` among them.
    package var statements = 0
    /// Transactions committed.
    package var commits = 0
    /// Steps of SQLite's virtual machine: each row read costs some.
    package var steps = 0

    /// Counts on the writing connection while the body runs.
    package static func ofWriting(_ store: Store, _ body: () throws -> Void) throws -> WorkCount {
        let counter = Counter()
        store.pool.writeWithoutTransaction { counter.start(on: $0) }
        defer { store.pool.writeWithoutTransaction { counter.stop(on: $0) } }
        try body()
        return counter.count
    }

    /// Counts on a reading connection.
    package static func ofReading<Value>(
        _ store: Store, _ body: (Database) throws -> Value
    ) throws -> (Value, WorkCount) {
        let counter = Counter()
        let value = try store.read { db in
            counter.start(on: db)
            defer { counter.stop(on: db) }
            return try body(db)
        }
        return (value, counter.count)
    }

    /// Where the connection's reports go.
    private final class Counter: Sendable {
        private let state = Mutex(WorkCount())

        var count: WorkCount { state.withLock { $0 } }

        func start(on db: Database) {
            db.trace(options: .statement) { [self] event in
                let sql = event.description
                // Triggers and virtual tables report what they run within a statement, too.
                guard !sql.hasPrefix("--") else { return }
                state.withLock {
                    $0.statements += 1
                    if sql.hasPrefix("COMMIT") { $0.commits += 1 }
                }
            }
            sqlite3_progress_handler(
                db.sqliteConnection, 1,
                { context in
                    guard let context else { return 0 }
                    let counter = Unmanaged<Counter>.fromOpaque(context).takeUnretainedValue()
                    counter.state.withLock { $0.steps += 1 }
                    return 0
                }, Unmanaged.passUnretained(self).toOpaque())
        }

        func stop(on db: Database) {
            sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil)
            db.trace(options: [])
        }
    }
}
