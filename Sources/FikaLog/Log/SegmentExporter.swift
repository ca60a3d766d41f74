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
    private var reader: StretchReader<Log>?
    /// A stretch that found no room in the segment before.
    private var pending: SealedSegmentDraft.Stretch?

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
        while let stretch = try nextStretch() {
            let isAlone = standsAlone(stretch.replica)
            guard draft.isEmpty || loner == (isAlone ? stretch.replica : nil),
                draft.hasRoom(for: stretch)
            else {
                pending = stretch
                break
            }
            draft.add(stretch, card: try source.heldCard(of: stretch, in: log))
            loner = isAlone ? stretch.replica : nil
        }
        return draft.finish()
    }

    private mutating func nextStretch() throws(Log.Failure) -> SealedSegmentDraft.Stretch? {
        if let stretch = pending {
            pending = nil
            return stretch
        }
        while true {
            if let stretch = try reader?.next() { return stretch }
            reader = nil
            guard index < work.count else { return nil }
            let (replica, interval) = work[index]
            index += 1
            reader = try StretchReader(
                interval.first...interval.last, of: replica, in: log, within: interval,
                from: source)
        }
    }
}
