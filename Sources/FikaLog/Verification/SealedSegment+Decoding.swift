import FikaCRDT
import FikaWire

extension SealedSegment {
    /// Decodes a segment as it was handed over; it is not yet verified.
    package init(bytes: [UInt8]) throws(LogError) {
        let (block, offset) = try LogError.mapping { () throws(WireError) in
            var reader = unsafe ByteReader(bytes.span.bytes)
            let block = try reader.readCounted(limit: Limits.segmentBytesMaximum)
            return (block, reader.offset)
        }
        let segment = try Segment(block: block)
        let (cards, proofs) = try LogError.mapping { () throws(WireError) in
            var reader = unsafe ByteReader(bytes.span.bytes)
            _ = try reader.take(offset)
            let cards = try Self.readCards(from: &reader)
            var proofs: [RunProof] = []
            for run in segment.runs {
                proofs.append(try Self.readProof(of: run, from: &reader))
            }
            try reader.expectEnd()
            return (cards, proofs)
        }
        self.init(block: block, segment: segment, cards: cards, proofs: proofs)
    }

    private static func readCards(
        from reader: inout ByteReader
    ) throws(WireError) -> [Card] {
        let count = try reader.readVarint(limit: Limits.segmentReplicasMaximum)
        var cards: [Card] = []
        for _ in 0..<count {
            let start = reader.offset
            let time = HybridTime(raw: try reader.readFixed64())
            guard time.isWellFormed else {
                throw .unknownValue(offset: start, value: time.raw)
            }
            let body = try reader.readCounted(limit: Limits.bodyBytesMaximum)
            cards.append(
                Card(
                    time: time, introduction: try Introduction(body: body),
                    signature: try reader.readSignature()))
        }
        return cards
    }

    private static func readProof(
        of run: SegmentRun, from reader: inout ByteReader
    ) throws(WireError) -> RunProof {
        let before = run.first > 1 ? try reader.readDigest() : nil
        let sealCount = try reader.readVarint(limit: Limits.segmentOpsMaximum)
        var seals: [Seal] = []
        var previous = run.first - 1
        for _ in 0..<sealCount {
            let start = reader.offset
            let step = try reader.readVarint(limit: Limits.sealDistanceMaximum)
            guard step > 0, previous + UInt64(step) <= Limits.seqMaximum else {
                throw .unknownValue(offset: start, value: UInt64(step))
            }
            previous += UInt64(step)
            seals.append(Seal(seq: previous, signature: try reader.readSignature()))
        }
        let tailCount = try reader.readVarint(limit: Limits.sealDistanceMaximum - 1)
        var tail: [Digest] = []
        for _ in 0..<tailCount { tail.append(try reader.readDigest()) }
        return RunProof(before: before, seals: seals, tail: tail)
    }
}
