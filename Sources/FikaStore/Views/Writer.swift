import FikaCRDT
import FikaChat
import FikaLog

/// A replica of a log as the views remember it while they work.
final class Writer {
    let row: Int64
    let replica: ReplicaID
    /// Whether nothing has introduced it yet.
    private(set) var isStranger = true
    /// Nil also when what introduces it is no valid introduction.
    private(set) var introduction: Introduction?
    /// The person's row; nil for relays and strangers.
    var person: Int64?
    private(set) var isViewer = false
    /// What is known of seq 2, when it is an import run that counts.
    var run: (run: ImportRun, time: HybridTime)?

    /// How many of its ops have no position.
    var pending: UInt64 = 0
    /// Between which times its pending content was judged, as far as is known.
    var pendingTimes: ClosedRange<HybridTime>?
    /// The highest position among its content.
    var position: UInt64 = 0
    /// The lowest seq of its content, which is what access lets in or not; 0 without any.
    var contentSeq: UInt64 = 0
    /// The highest seq held.
    var seq: UInt64 = 0
    /// The highest time among its rows.
    var rowTime: HybridTime = .zero
    var isDirty = false

    /// What the viewer has read of it.
    var read = IntervalSet()
    /// The role that holds from the last change of access on; computed once per history.
    var settledRole: Role??
    /// The ops of the batch at hand that are still to be indexed for search.
    private(set) var unindexed = IntervalSet()
    /// The contiguous seqs at the end of these, kept apart because a batch is mostly one run.
    private(set) var lastRun: ClosedRange<UInt64>?

    init(row: Int64, replica: ReplicaID) {
        self.row = row
        self.replica = replica
    }

    var user: UserID? { introduction?.user }

    /// Takes an introduction, unless it is no valid one (rule M2).
    func introduce(_ introduction: Introduction?, in log: LogID, viewer: UserID) {
        guard let introduction else { return }
        isStranger = false
        guard introduction.replica == replica,
            introduction.preimage.map({ Hashes.derivedLogID($0) == log }) ?? true
        else { return }
        self.introduction = introduction
        isViewer = introduction.user == viewer
    }

    /// Whether any of its content may be judged above one point and not above another.
    func hasContent(above lower: AccessPoint, upTo upper: AccessPoint?) -> Bool {
        if case .accepted(let lowest) = lower, position > lowest { return true }
        guard pending > 0, let times = pendingTimes else { return false }
        switch upper {
        case .accepted: return false
        case .pending(let stamp): if times.lowerBound > stamp.time { return false }
        case nil: break
        }
        switch lower {
        case .accepted: return true
        case .pending(let stamp): return times.upperBound >= stamp.time
        }
    }

    /// Takes note of a content op, judged at a point.
    func noteContent(_ seq: UInt64, at point: AccessPoint) {
        contentSeq = contentSeq == 0 ? seq : min(contentSeq, seq)
        switch point {
        case .accepted(let position): self.position = max(self.position, position)
        case .pending(let stamp): notePending(stamp.time)
        }
    }

    private func notePending(_ time: HybridTime) {
        guard let times = pendingTimes else {
            pendingTimes = time...time
            return
        }
        pendingTimes = min(times.lowerBound, time)...max(times.upperBound, time)
    }

    func key(_ seq: UInt64) -> OpKey { OpKey(replica: row, seq: seq) }

    /// Takes note of an op whose row search has yet to index.
    func leaveForIndex(_ seq: UInt64) {
        guard let run = lastRun else {
            lastRun = seq...seq
            return
        }
        if seq == run.upperBound + 1 {
            lastRun = run.lowerBound...seq
        } else if !run.contains(seq) {
            unindexed.insert(run)
            lastRun = seq...seq
        }
    }

    /// All seqs that are left for later, so far.
    var allUnindexed: IntervalSet {
        var all = unindexed
        if let lastRun { all.insert(lastRun) }
        return all
    }

    /// Forgets what was left for later, once it is written down.
    func forgetUnindexed() {
        unindexed = IntervalSet()
        lastRun = nil
    }

    /// Whether the batch at hand leaves a seq for later.
    func isLeftForIndex(_ seq: UInt64) -> Bool {
        lastRun?.contains(seq) == true || unindexed.contains(seq)
    }
}
