package import FikaCRDT

/// Hands out given ranges of what a log holds as sealed segments that verify by themselves.
///
/// Ops that are not held are skipped: who asked sees by what comes which ones there are. Each
/// segment takes the next ranges in their order, as many as there is room for; within a segment the
/// ops of one replica lie together, rising. An op that two ranges name may be handed out twice.
package struct RangeExporter<Log: OpLog> {
    private let log: LogID
    private let source: Log
    private let withCards: Bool
    /// The held parts of the ranges, in reverse order: the next one is the last.
    private var pieces: [Piece] = []
    /// What the present segments are made of, in reverse order.
    private var work: [Piece] = []
    private var reader: StretchReader<Log>?
    /// A stretch that found no room in the segment before.
    private var pending: SealedSegmentDraft.Stretch?

    /// A range of held ops.
    private struct Piece {
        var replica: ReplicaID
        var seqs: ClosedRange<UInt64>
        var interval: HaveInterval
    }

    /// Prepares the export of some ranges of one log.
    ///
    /// With cards, each segment has those of the replicas whose ops in it start mid-chain; without
    /// them it verifies at a holder that knows the replicas.
    package init(
        log: LogID, of source: Log, ranges: [(replica: ReplicaID, seqs: ClosedRange<UInt64>)],
        withCards: Bool
    ) throws(Log.Failure) {
        self.log = log
        self.source = source
        self.withCards = withCards
        var haves: [ReplicaID: ReplicaHave] = [:]
        for (replica, seqs) in ranges where seqs.lowerBound <= Limits.seqMaximum {
            let seqs = seqs.lowerBound...min(seqs.upperBound, Limits.seqMaximum)
            if haves[replica] == nil { haves[replica] = try source.have(of: replica, in: log) }
            for interval in haves[replica]?.intervals(near: seqs) ?? [] {
                let first = max(interval.first, seqs.lowerBound)
                let last = min(interval.last, seqs.upperBound)
                guard first <= last else { continue }
                pieces.append(Piece(replica: replica, seqs: first...last, interval: interval))
            }
        }
        pieces.reverse()
    }

    /// Returns the next segment, nil at the end.
    package mutating func next() throws(Log.Failure) -> SealedSegment? {
        if pending == nil, reader == nil, work.isEmpty { gatherWork() }
        var draft = SealedSegmentDraft(log: log)
        while let stretch = try nextStretch() {
            guard draft.hasRoom(for: stretch) else {
                pending = stretch
                break
            }
            draft.add(stretch, card: withCards ? try source.heldCard(of: stretch, in: log) : nil)
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
            guard let piece = work.popLast() else { return nil }
            reader = try StretchReader(
                piece.seqs, of: piece.replica, in: log, within: piece.interval, from: source)
        }
    }

    /// Takes the next pieces for a segment's count of ops, and puts those of a replica together.
    private mutating func gatherWork() {
        var seqs: [ReplicaID: IntervalSet] = [:]
        var intervals: [Dot: HaveInterval] = [:]
        var order: [ReplicaID] = []
        var room = UInt64(Limits.segmentOpsMaximum)
        while let piece = takePiece(room: room) {
            room -= piece.seqs.upperBound - piece.seqs.lowerBound + 1
            if seqs[piece.replica] == nil { order.append(piece.replica) }
            seqs[piece.replica, default: IntervalSet()].insert(piece.seqs)
            intervals[Dot(replica: piece.replica, seq: piece.seqs.lowerBound)] = piece.interval
        }
        for replica in order.reversed() {
            for range in seqs[replica]?.intervals.reversed() ?? [] {
                // The lowest of the pieces that were joined lies in the interval of all.
                guard let interval = intervals[Dot(replica: replica, seq: range.lowerBound)] else {
                    preconditionFailure("a range starts where one of its pieces does")
                }
                work.append(Piece(replica: replica, seqs: range, interval: interval))
            }
        }
    }

    /// Takes the next piece, or as much of it as there is room for: up to a permanent seal.
    private mutating func takePiece(room: UInt64) -> Piece? {
        guard room > 0, var piece = pieces.popLast() else { return nil }
        let (first, last) = (piece.seqs.lowerBound, piece.seqs.upperBound)
        guard last - first >= room else { return piece }
        let distance = UInt64(Limits.sealDistanceMaximum)
        let cut = (first + room - 1) / distance * distance
        guard cut >= first else {
            pieces.append(piece)
            return nil
        }
        pieces.append(
            Piece(replica: piece.replica, seqs: cut + 1...last, interval: piece.interval))
        piece.seqs = first...cut
        return piece
    }
}
