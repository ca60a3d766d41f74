import FikaCRDT
import GRDB

/// How far a commit reaches before it returns.
package enum Durability: Sendable {
    /// On disk: own ops and seals.
    case full
    /// In the write-ahead log, on disk with the next checkpoint: ops that others hold too.
    case normal

    /// Sets what SQLite does at commit; GRDB sets NORMAL silently after opening.
    func apply(to db: Database) throws {
        switch self {
        case .full where PlantedBug.returnsBeforeSync.isPlanted: break
        case .full: try db.execute(sql: "PRAGMA synchronous = FULL")
        case .normal: try db.execute(sql: "PRAGMA synchronous = NORMAL")
        }
    }
}
