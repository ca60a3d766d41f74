package import FikaCRDT

/// Hands out what a log holds as sealed segments that verify by themselves.
///
/// Ranges are cut at seals, so that nothing needs a tail but what the holder has no seal for.
package struct SegmentExporter<Log: OpLog> {
    private let log: LogID
    private let source: Log
    private let standsAlone: (ReplicaID) -> Bool
    private var work: [(replica: ReplicaID, seqs: ClosedRange<UInt64>, before: Digest)] = []
    private var index = 0

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
                work.append((replica, interval.first...interval.last, interval.before))
            }
        }
    }

    /// Returns the next segment, nil at the end.
    package mutating func next() throws(Log.Failure) -> SealedSegment? {
        var draft = SealedSegmentDraft(log: log)
        while index < work.count {
            let item = work[index]
            if standsAlone(item.replica), !draft.isEmpty { break }
            guard let room = draft.room(from: item.seqs.lowerBound) else { break }
            let last = min(item.seqs.upperBound, room)
            let ops = try source.ops(
                of: item.replica, in: log, seqs: item.seqs.lowerBound...last)
            guard let card = try source.card(of: item.replica, in: log) else {
                preconditionFailure("ops are held of introduced replicas only")
            }
            let seals = try source.seals(
                of: item.replica, in: log,
                seqs: item.seqs.lowerBound...last + UInt64(Limits.sealDistanceMaximum))
            let tail =
                last == item.seqs.upperBound ? try tail(of: item.replica, after: last) : []
            guard
                let taken = draft.add(
                    ops, before: item.before, seals: seals, tail: tail, card: card)
            else { break }
            if taken.last == item.seqs.upperBound {
                index += 1
            } else {
                work[index].seqs = taken.last + 1...item.seqs.upperBound
                work[index].before = taken.chain
            }
            if standsAlone(item.replica) { break }
        }
        return draft.finish()
    }

    private func tail(
        of replica: ReplicaID, after last: UInt64
    ) throws(Log.Failure) -> [Digest] {
        let intervals = try source.have(of: replica, in: log).intervals
        return intervals.first { $0.last == last }?.tail ?? []
    }
}
