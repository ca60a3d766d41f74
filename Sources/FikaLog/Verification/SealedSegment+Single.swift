import FikaCRDT

extension SealedSegment {
    /// Makes a segment of one op and the seal over exactly it, without a card.
    ///
    /// - Parameters:
    ///   - op: The op.
    ///   - before: The chain value before it; nil exactly when its seq is 1.
    ///   - seal: Its replica's signature at its seq.
    package init(_ op: Op, before: Digest?, seal: Signature) {
        precondition((before == nil) == (op.id.dot.seq == 1), "only a first op has nothing before")
        var builder = SegmentBuilder(log: op.id.log)
        builder.append(op)
        let block = builder.block()
        let proof = RunProof(
            before: before, seals: [Seal(seq: op.id.dot.seq, signature: seal)])
        do {
            self.init(
                block: block, segment: try Segment(block: block), cards: [], proofs: [proof])
        } catch {
            preconditionFailure("a block that was just encoded decodes: \(error)")
        }
    }
}
