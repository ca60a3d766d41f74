import FikaCRDT

/// Reads a range of one replica's held ops as stretches that end at permanent seals.
///
/// So only the last stretch may need a tail, and one of bodies so large that no segment takes all
/// up to the seal.
struct StretchReader<Log: OpLog> {
    private let replica: ReplicaID
    private let log: LogID
    private let source: Log
    private let interval: HaveInterval
    /// The last op to read; the interval may go on.
    private let last: UInt64
    private var first: UInt64
    /// The chain value before `first`.
    private var before: Digest
    /// The ops that were read and not yet handed out.
    private var ops: ArraySlice<Op> = []

    /// Prepares for the ops in `seqs`, all of which lie in `interval`.
    init(
        _ seqs: ClosedRange<UInt64>, of replica: ReplicaID, in log: LogID,
        within interval: HaveInterval, from source: Log
    ) throws(Log.Failure) {
        precondition(
            interval.first <= seqs.lowerBound && seqs.upperBound <= interval.last,
            "only held ops are read")
        self.replica = replica
        self.log = log
        self.source = source
        self.interval = interval
        first = seqs.lowerBound
        last = seqs.upperBound
        before =
            first == interval.first
            ? interval.before
            : try source.chain(of: replica, in: log, at: first - 1, within: interval)
    }

    /// Returns the ops up to the next permanent seal, to the range's end or to what a segment
    /// takes; nil at the end.
    mutating func next() throws(Log.Failure) -> SealedSegmentDraft.Stretch? {
        guard first <= last else { return nil }
        let furthestEnd = min(Seal.nextPermanent(after: first - 1), last)
        try readOps(upTo: furthestEnd)
        let end = first + UInt64(fittingCount(of: ops.prefix(Int(furthestEnd - first) + 1))) - 1
        let furthest = min(Seal.nextPermanent(after: end - 1), interval.sealedLast)
        let seals = try source.seals(of: replica, in: log, seqs: first...furthest)
        guard let covering = seals.firstIndex(where: { $0.seq >= end }) else {
            throw Log.contradiction("no seal covers op \(end) of \(replica) in \(log)")
        }
        let stretch = SealedSegmentDraft.Stretch(
            ops: ops.prefix(Int(end - first) + 1), before: before,
            seals: Array(seals[...covering]),
            tail: try hashes(from: end + 1, upTo: seals[covering].seq))
        ops = ops.dropFirst(stretch.ops.count)
        first = end + 1
        before =
            seals[covering].seq == end
            ? seals[covering].chain
            : stretch.ops.reduce(before) { Hashes.chain(after: $0, opHash: $1.hash) }
        return stretch
    }

    /// How many of the ops an empty segment takes: one at least.
    private func fittingCount(of ops: ArraySlice<Op>) -> Int {
        var room = Limits.segmentRawBytesMaximum
        let fitting = ops.prefix { op in
            room -= SealedSegmentDraft.bodyByteCount(of: op) + Limits.headBytesMaximum
            return room >= 0
        }
        return fitting.count
    }

    private mutating func readOps(upTo end: UInt64) throws(Log.Failure) {
        if (ops.last?.id.dot.seq ?? 0) < end {
            let window = UInt64(Limits.segmentOpsMaximum - Limits.sealDistanceMaximum)
            ops = try source.ops(of: replica, in: log, seqs: first...min(end + window, last))[...]
        }
        guard ops.first?.id.dot.seq == first, ops.count > Int(end - first) else {
            throw Log.contradiction("op \(first) of \(replica) in \(log) is missing")
        }
    }

    /// The op hashes after the range, of ops that are held and then of the interval's tail.
    private func hashes(
        from start: UInt64, upTo end: UInt64
    ) throws(Log.Failure) -> [Digest] {
        guard start <= end else { return [] }
        var hashes: [Digest] = []
        if start <= interval.last {
            hashes = try source.ops(
                of: replica, in: log, seqs: start...min(end, interval.last)
            ).map(\.hash)
        }
        if end > interval.last { hashes += interval.tail.prefix(Int(end - interval.last)) }
        return hashes
    }
}
