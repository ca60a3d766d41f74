import FikaCRDT
import FikaChat
import FikaLog

/// What the views remember of a log while they work on it: small, and loaded in a fixed number of
/// queries whatever the history.
final class LogContext {
    let row: Int64
    let id: LogID
    var preimage: LogPreimage?
    private(set) var history: AccessHistory
    /// By the row of the replica.
    var writers: [Int64: Writer] = [:]
    /// The ops that others wait for.
    var awaited: Set<Int64> = []
    /// The ops that re-homed ones were first.
    var origins: Set<Int64> = []
    var hasAliases = false
    /// All access ops up to here are held; what a delete above it may is not certain yet.
    var accessPosition = UInt64.max
    var summary = LogSummary()
    var isSummaryDirty = false

    /// Ops that came to count: what waits for them is judged again.
    var released: [OpKey] = []
    /// The op that was last found not to count.
    var lastKept: OpKey?
    /// Copies of which something else became than before.
    var reborn: [OpKey] = []
    /// What changed asks for more than adding to the views.
    var needsRebuild = false
    /// While all of it is put in anew nothing is compared with what was there.
    var isRebuilding = false

    init(row: Int64, id: LogID, history: AccessHistory) {
        self.row = row
        self.id = id
        self.history = history
    }

    /// The point of the last access op: nothing changes above it.
    private(set) var lastAccess: AccessPoint?
    private(set) var hasCloses = false

    /// Takes a new history; what writers remembered of the old one is void.
    func adopt(_ history: AccessHistory) {
        self.history = history
        lastAccess = history.ops.last?.point
        hasCloses = history.ops.contains { $0.content.known == .close }
        for writer in writers.values { writer.settledRole = nil }
    }
}
