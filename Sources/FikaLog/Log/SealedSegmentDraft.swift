import FikaCRDT

/// Gathers stretches of ops, each ending at a seal, into one segment to hand over.
struct SealedSegmentDraft {
    private var builder: SegmentBuilder
    private var proofs: [RunProof] = []
    private var cards: [Card] = []

    var isEmpty: Bool { builder.count == 0 }

    init(log: LogID) {
        builder = SegmentBuilder(log: log)
    }

    /// Whether a stretch keeps within the limits.
    func hasRoom(for stretch: Stretch) -> Bool {
        builder.hasRoom(
            forOps: stretch.ops.count,
            bodies: stretch.ops.reduce(0) { $0 + Self.bodyByteCount(of: $1) })
    }

    /// What a row of the op takes at most among the bodies.
    static func bodyByteCount(of op: Op) -> Int { op.body?.count ?? Limits.residueBytesMaximum }

    /// One replica's ops without a gap, and what covers their end.
    struct Stretch {
        let ops: ArraySlice<Op>
        /// The chain value before the first op.
        let before: Digest
        /// Rising; the last one is the first at or after the last op.
        let seals: [HeldSeal]
        /// The op hashes from the last op to the last seal.
        let tail: [Digest]

        var replica: ReplicaID {
            guard let replica = ops.first?.id.dot.replica else {
                preconditionFailure("a stretch has ops")
            }
            return replica
        }
    }

    /// Adds a stretch, and the card if it starts a run mid-chain.
    mutating func add(_ stretch: Stretch, card: Card?) {
        let runCount = builder.runs.count
        for op in stretch.ops { builder.append(op) }
        if builder.runs.count == runCount {
            // It goes on where the one before it ended: what covered that one's tail comes again.
            let first = stretch.ops.first?.id.dot.seq ?? 0
            proofs[runCount - 1].seals.removeAll { $0.seq >= first }
            proofs[runCount - 1].seals += stretch.seals.map(\.seal)
            proofs[runCount - 1].tail = stretch.tail
            return
        }
        let startsMidChain = stretch.ops.first.map { $0.id.dot.seq > 1 } ?? false
        proofs.append(
            RunProof(
                before: startsMidChain ? stretch.before : nil,
                seals: stretch.seals.map(\.seal), tail: stretch.tail))
        if let card, startsMidChain, !cards.contains(card) { cards.append(card) }
    }

    consuming func finish() -> SealedSegment? {
        guard builder.count > 0 else { return nil }
        cards.sort { $0.replica < $1.replica }
        let block = builder.block()
        do {
            return SealedSegment(
                block: block, segment: try Segment(block: block), cards: cards, proofs: proofs)
        } catch {
            preconditionFailure("a block that was just encoded decodes: \(error)")
        }
    }
}

extension OpLog {
    /// The card of the replica whose held ops a stretch has.
    func heldCard(
        of stretch: SealedSegmentDraft.Stretch, in log: LogID
    ) throws(Failure) -> Card {
        guard let card = try card(of: stretch.replica, in: log) else {
            throw Self.contradiction("\(stretch.replica) was never introduced in \(log)")
        }
        return card
    }
}
