import FikaCRDT
import FikaLog

/// What a store knows of one log's order at the relay.
struct SyncRow: Hashable {
    /// Whose order the cursor is in.
    var epoch: Epoch
    var cursor: Cursor
    /// The hash over the access ops up to the cursor.
    var access: Digest
    /// The highest position that the relay told of.
    var told: UInt64
    /// All access ops up to here are held.
    var accessPosition: UInt64
    /// Whether the user may not read the log any more.
    var isEnded: Bool

    /// A log of which no position is known.
    init(log: LogID, epoch: Epoch) {
        self.epoch = epoch
        let start = RunningHash.start(log: log)
        cursor = Cursor(position: 0, running: start)
        access = start
        told = 0
        accessPosition = 0
        isEnded = false
    }

    /// The same log in another order; what is known of access stays.
    func moved(to epoch: Epoch, log: LogID) -> SyncRow {
        var row = SyncRow(log: log, epoch: epoch)
        row.accessPosition = accessPosition
        row.isEnded = isEnded
        return row
    }
}
