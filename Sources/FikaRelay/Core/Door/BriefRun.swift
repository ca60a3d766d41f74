import FikaCRDT
import FikaLog

/// Briefs of one replica that came one after the other: checked, stored and forwarded as one.
///
/// The last seal covers all of them; of the others only those stay that have to (rule S2a). So a
/// writer in a hurry costs one check of a signature in 64 ops, and one append.
struct BriefRun {
    private let log: LogID
    private let replica: ReplicaID
    private let before: Digest?
    private var builder: SegmentBuilder
    private var seals: [Seal]

    /// Begins with an op; `before` is nil exactly when its seq is 1.
    init(_ op: Op, before: Digest?, seal: Signature) {
        log = op.id.log
        replica = op.id.dot.replica
        self.before = before
        builder = SegmentBuilder(log: log)
        builder.append(op)
        seals = [Seal(seq: op.id.dot.seq, signature: seal)]
    }

    /// Adds the op after the last one; false when it is another, or there is no room for it.
    mutating func add(_ op: Op, seal: Signature) -> Bool {
        guard op.id.log == log, op.id.dot.replica == replica, let last = seals.last,
            op.id.dot.seq == last.seq + 1, builder.count < Limits.segmentOpsMaximum,
            builder.hasRoom(forBody: Limits.bodyBytesMaximum)
        else { return false }
        builder.append(op)
        if !Seal.isPermanent(seq: last.seq) { seals.removeLast() }
        seals.append(Seal(seq: op.id.dot.seq, signature: seal))
        return true
    }

    /// All of them as a segment.
    var sealed: SealedSegment {
        let block = builder.block()
        do {
            return SealedSegment(
                block: block, segment: try Segment(block: block), cards: [],
                proofs: [RunProof(before: before, seals: seals)])
        } catch {
            preconditionFailure("a block that was just encoded decodes: \(error)")
        }
    }
}
