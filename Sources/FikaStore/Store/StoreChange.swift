package import FikaCRDT
package import GRDB

/// What a transaction changed.
package enum StoreChange: Hashable, Sendable {
    /// These logs, rising.
    case logs([LogID])
    /// It may be anything.
    case anything
}

extension StoreWriter {
    /// Takes note of a log that the transaction changes beside those that it writes ops to.
    package func noteChange(of log: LogID, _ db: Database) throws {
        changedLogs.insert(try catalog.makeRow(of: log, db))
    }

    /// What the transaction that was just committed changed; nil when nothing.
    func takeChange(hasChanged: Bool, _ db: Database) throws -> StoreChange? {
        defer { changedLogs = [] }
        guard hasChanged else { return nil }
        guard !changedLogs.isEmpty else { return .anything }
        return .logs(try changedLogs.map { try catalog.log($0, db) }.sorted())
    }
}
