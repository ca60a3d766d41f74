package import FikaCRDT
import GRDB

/// What a transaction changed.
package enum StoreChange: Hashable, Sendable {
    /// What is shown of these logs, rising.
    case logs([LogID])
    /// It may be anything.
    case anything
}

extension StoreWriter {
    /// What the transaction that was just committed changed; nil when nothing.
    ///
    /// It does not throw: what is committed is done.
    func takeChange(hasChanged: Bool, _ db: Database) -> StoreChange? {
        defer { views.touched = [] }
        guard hasChanged else { return nil }
        guard !views.touched.isEmpty else { return .anything }
        let logs = try? views.touched.map { try catalog.log($0, db) }.sorted()
        return logs.map { .logs($0) } ?? .anything
    }
}
