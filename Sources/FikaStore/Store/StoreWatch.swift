import GRDB
import Synchronization

/// Tells whether another connection, of this process or another one, has changed a store.
package final class StoreWatch: Sendable {
    private let queue: DatabaseQueue
    private let seen = Mutex<Int64?>(nil)

    /// Begins to watch; what is there now is no change.
    ///
    /// - Parameter folder: The store's folder.
    /// - Throws: `DatabaseError` when it cannot be opened.
    package init(folder: String) throws {
        var configuration = Configuration()
        configuration.label = "fika watch"
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        queue = try DatabaseQueue(
            path: folder + "/" + Store.fileName, configuration: configuration)
        _ = try hasChanged()
    }

    /// Whether something was committed since this was asked last.
    package func hasChanged() throws -> Bool {
        // SQLite compares with what this very connection saw.
        let version = try queue.read { try Int64.fetchOne($0, sql: "PRAGMA data_version") }
        return seen.withLock { seen in
            defer { seen = version }
            return seen != version
        }
    }
}
