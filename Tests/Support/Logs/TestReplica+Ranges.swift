import FikaSimulation
package import FikaCRDT
package import FikaLog

extension TestReplica {
    /// The range of ops as a segment of its own, with a card when it starts mid-chain.
    ///
    /// - Parameters:
    ///   - seqs: The ops in it.
    ///   - sealedAt: The seq of the last seal, at or after the last op; the last op without one.
    ///   - erasing: The seqs of which only the hash is handed over.
    /// - Returns: The segment with true proofs.
    package func segment(
        _ seqs: ClosedRange<UInt64>, sealedAt: UInt64? = nil, erasing: Set<UInt64> = []
    ) -> SealedSegment {
        segment(ofRanges: [seqs], sealedAt: sealedAt ?? seqs.upperBound, erasing: erasing)
    }

    /// Several ranges in one segment; the last one ends at `sealedAt`, the others at their ends.
    package func segment(
        ofRanges ranges: [ClosedRange<UInt64>], sealedAt: UInt64, erasing: Set<UInt64> = []
    ) -> SealedSegment {
        var builder = SegmentBuilder(log: log)
        var proofs: [RunProof] = []
        for range in ranges {
            for seq in range {
                let op = ops[Int(seq) - 1]
                builder.append(erasing.contains(seq) ? op.erased(residue: [1, 2, 3]) : op)
            }
            let isLast = range == ranges.last
            proofs.append(proof(of: range, sealedAt: isLast ? sealedAt : range.upperBound))
        }
        let needsCard = ranges.first.map { $0.lowerBound > 1 } ?? false
        return TestReplica.sealed(builder, cards: needsCard ? [card] : [], proofs: proofs)
    }

    /// What vouches for a range: seals at 1, at each multiple of 64 and at `sealedAt`.
    package func proof(of range: ClosedRange<UInt64>, sealedAt: UInt64) -> RunProof {
        var seqs = range.filter { Seal.isPermanent(seq: $0) }
        if seqs.last != sealedAt { seqs.append(sealedAt) }
        return RunProof(
            before: range.lowerBound == 1 ? nil : chains[Int(range.lowerBound) - 1],
            seals: seqs.map(seal(at:)),
            tail: range.upperBound == sealedAt
                ? [] : ops[Int(range.upperBound)..<Int(sealedAt)].map(\.hash))
    }

    /// Puts a segment together of parts that need not be true.
    package static func sealed(
        _ builder: SegmentBuilder, cards: [Card], proofs: [RunProof]
    ) -> SealedSegment {
        let block = builder.block()
        do {
            return SealedSegment(
                block: block, segment: try Segment(block: block), cards: cards, proofs: proofs)
        } catch {
            preconditionFailure("a block of the builder decodes: \(error)")
        }
    }
}

extension SealedSegment {
    /// The segment as verified by somebody who knows nothing of its replicas.
    package func verified() throws(LogError) -> VerifiedSegment {
        try SegmentVerifier.verify(self, known: { _ in nil })
    }

    /// The same ops in the same rows with other cards or proofs.
    package func with(cards: [Card]? = nil, proofs: [RunProof]? = nil) -> SealedSegment {
        SealedSegment(
            block: block, segment: segment, cards: cards ?? self.cards,
            proofs: proofs ?? self.proofs)
    }
}

/// The log that tests call by this number.
package func logNumbered(_ number: UInt64) -> LogID {
    LogID(high: 0x1060_0000_0000_0000 | number, low: 0xF1)
}
