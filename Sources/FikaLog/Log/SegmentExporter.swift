package import FikaCRDT

/// Hands out what a log holds as sealed segments that verify by themselves.
///
/// Ranges are cut at permanent seals, so that nothing needs a tail but what the holder has no seal
/// for.
package struct SegmentExporter<Log: OpLog> {
    private let log: LogID
    private let source: Log
    private let standsAlone: (ReplicaID) -> Bool
    private var work: [(replica: ReplicaID, interval: HaveInterval)] = []
    private var index = 0
    /// Of the interval at `index`: the ops that were read and not yet handed out.
    private var ops: ArraySlice<Op> = []
    /// Of the same interval: the last seal handed out; nil at its beginning.
    private var handedOut: HeldSeal?

    /// Prepares the export of all that is held of one log.
    ///
    /// `standsAlone` names the replicas whose ops share a segment with no others: imports (O6).
    package init(
        _ log: LogID, of source: Log, standsAlone: @escaping (ReplicaID) -> Bool = { _ in false }
    ) throws(Log.Failure) {
        self.log = log
        self.standsAlone = standsAlone
        self.source = source
        for replica in try source.replicas(of: log) {
            for interval in try source.have(of: replica, in: log).intervals {
                work.append((replica, interval))
            }
        }
    }

    /// Returns the next segment, nil at the end.
    package mutating func next() throws(Log.Failure) -> SealedSegment? {
        var draft = SealedSegmentDraft(log: log)
        var loner: ReplicaID?
        while index < work.count {
            let (replica, interval) = work[index]
            let isAlone = standsAlone(replica)
            guard draft.isEmpty || loner == (isAlone ? replica : nil) else { break }
            let stretch = try stretch(of: replica, in: interval)
            guard draft.hasRoom(for: stretch) else { break }
            guard let card = try source.card(of: replica, in: log) else {
                preconditionFailure("ops are held of introduced replicas only")
            }
            draft.add(stretch, card: card)
            loner = isAlone ? replica : nil
            advance(past: stretch, in: interval)
        }
        return draft.finish()
    }

    /// The ops from the next one up to a permanent seal, or to the interval's end.
    private mutating func stretch(
        of replica: ReplicaID, in interval: HaveInterval
    ) throws(Log.Failure) -> SealedSegmentDraft.Stretch {
        let first = handedOut.map { $0.seq + 1 } ?? interval.first
        let last = min(Seal.nextPermanent(after: first - 1), interval.last)
        if (ops.last?.id.dot.seq ?? 0) < last {
            let window = UInt64(Limits.segmentOpsMaximum - Limits.sealDistanceMaximum)
            let end = min(last + window, interval.last)
            ops = try source.ops(of: replica, in: log, seqs: first...end)[...]
        }
        let isEnd = last == interval.last
        let seals = try source.seals(
            of: replica, in: log, seqs: first...(isEnd ? interval.sealedLast : last))
        let covering = seals.firstIndex { $0.seq >= last }
        guard let covering, let held = ops.first?.id.dot.seq, held == first else {
            preconditionFailure("held ops are there, and covered by a seal")
        }
        return SealedSegmentDraft.Stretch(
            ops: ops.prefix(Int(last - first) + 1), before: handedOut?.chain ?? interval.before,
            seals: Array(seals[...covering]),
            tail: Array(interval.tail.prefix(Int(seals[covering].seq - last))))
    }

    private mutating func advance(
        past stretch: SealedSegmentDraft.Stretch, in interval: HaveInterval
    ) {
        ops = ops.dropFirst(stretch.ops.count)
        guard let last = stretch.ops.last?.id.dot.seq, let seal = stretch.seals.last else {
            preconditionFailure("a stretch has ops and a seal")
        }
        if last < interval.last {
            handedOut = seal
        } else {
            precondition(ops.isEmpty, "no more is read than the interval holds")
            index += 1
            handedOut = nil
        }
    }
}
