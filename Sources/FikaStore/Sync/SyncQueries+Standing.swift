package import FikaCRDT
package import FikaLog
import GRDB

/// How a store stands towards the relay that it met last.
package struct SyncStanding: Hashable, Sendable {
    package let relay: PublicKey?
    package let epoch: Epoch?
    /// The relay's time up to which nothing is missing, in milliseconds.
    package let completeUntil: UInt64?
    /// Milliseconds to add to this device's clock.
    package let correction: Int64?
}

extension SyncQueries {
    /// How many ops of a log are known to be missing; 0 where nothing is.
    ///
    /// Where nothing is missing this is one read.
    package func missing(in log: LogID) throws -> UInt64 {
        guard let row = try catalog.row(of: log, db),
            let sync = try SyncTable(db: db).row(ofLog: row), !sync.isEnded,
            sync.cursor.position < sync.told, let progress = try progress(of: log)
        else { return 0 }
        return progress.told - min(progress.held, progress.told)
    }

    /// How the store stands towards the relay that it met last.
    package func standing() throws -> SyncStanding {
        let meta = MetaTable(db: db)
        return SyncStanding(
            relay: try meta.bytes(.relay).flatMap { PublicKey(bytes: $0) },
            epoch: try meta.epoch(), completeUntil: try meta.number(.completeUntil),
            correction: try meta.correction())
    }
}
