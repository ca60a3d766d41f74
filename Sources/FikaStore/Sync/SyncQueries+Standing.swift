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
    /// How the store stands towards the relay that it met last.
    package func standing() throws -> SyncStanding {
        let meta = MetaTable(db: db)
        return SyncStanding(
            relay: try meta.bytes(.relay).flatMap { PublicKey(bytes: $0) },
            epoch: try meta.epoch(), completeUntil: try meta.number(.completeUntil),
            correction: try meta.correction())
    }
}
