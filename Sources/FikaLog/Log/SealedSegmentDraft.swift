import FikaCRDT

/// Gathers ranges of ops with their seals into one segment to hand over.
struct SealedSegmentDraft {
    private var builder: SegmentBuilder
    private var proofs: [RunProof] = []
    private var cards: [Card] = []

    var isEmpty: Bool { builder.count == 0 }

    init(log: LogID) {
        builder = SegmentBuilder(log: log)
    }

    /// The last seq that a range from here may reach; nil when the segment is full.
    func room(from seq: UInt64) -> UInt64? {
        let free = Limits.segmentOpsMaximum - builder.count
        // A range ends at a seal, so less than one seal's distance may be of no use.
        guard free >= Limits.sealDistanceMaximum,
            builder.hasRoom(forBody: Limits.sealDistanceMaximum * Limits.bodyBytesMaximum)
        else { return nil }
        return seq + UInt64(free) - 1
    }

    /// Adds as many of the ops as end at a seal, or all with their tail.
    ///
    /// Returns the last seq taken and the chain value there; nil when there was no room.
    mutating func add(
        _ ops: [Op], before: Digest, seals: [HeldSeal], tail: [Digest], card: Card
    ) -> (last: UInt64, chain: Digest)? {
        guard let first = ops.first?.id.dot.seq, let lastHeld = ops.last?.id.dot.seq else {
            return nil
        }
        let cut = takeWhole(ops, seals: seals, tail: tail) ? lastHeld : lastSeal(ops, seals: seals)
        guard let cut else { return nil }
        var chain = before
        var taken = first - 1
        for op in ops where op.id.dot.seq <= cut {
            guard builder.hasRoom(forBody: op.body?.count ?? 0) else {
                preconditionFailure("room was asked for before")
            }
            builder.append(op)
            chain = Hashes.chain(after: chain, opHash: op.hash)
            taken = op.id.dot.seq
        }
        let covering = seals.filter { $0.seq <= cut + UInt64(cut == lastHeld ? tail.count : 0) }
        proofs.append(
            RunProof(
                before: first == 1 ? nil : before, seals: covering.map(\.seal),
                tail: cut == lastHeld ? tail : []))
        if first > 1 { cards.append(card) }
        return (taken, chain)
    }

    /// Whether the ops end where a seal, or a seal after the tail, covers them.
    private func takeWhole(_ ops: [Op], seals: [HeldSeal], tail: [Digest]) -> Bool {
        guard let last = ops.last?.id.dot.seq else { return false }
        return seals.contains { $0.seq == last + UInt64(tail.count) }
    }

    private func lastSeal(_ ops: [Op], seals: [HeldSeal]) -> UInt64? {
        guard let last = ops.last?.id.dot.seq else { return nil }
        return seals.last { $0.seq <= last }?.seq
    }

    func finish() -> SealedSegment? {
        guard builder.count > 0 else { return nil }
        let block = builder.block()
        do {
            return SealedSegment(
                block: block, segment: try Segment(block: block), cards: cards, proofs: proofs)
        } catch {
            preconditionFailure("a block that was just encoded decodes: \(error)")
        }
    }
}
