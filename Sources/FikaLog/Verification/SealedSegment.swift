import FikaCRDT
import FikaWire

/// A segment as it is handed over: its block, the cards of replicas that the receiver may not know,
/// and for each run what vouches for it.
package struct SealedSegment: Sendable {
    /// The bytes that a holder stores as they are.
    package let block: [UInt8]
    package let segment: Segment
    package let cards: [Card]
    /// One for each of the segment's runs.
    package let proofs: [RunProof]

    package init(block: [UInt8], segment: Segment, cards: [Card], proofs: [RunProof]) {
        precondition(proofs.count == segment.runs.count, "each run has a proof")
        self.block = block
        self.segment = segment
        self.cards = cards
        self.proofs = proofs
    }

    /// The bytes to hand over: counted block, cards, proofs.
    ///
    /// The byte table is in `Specs/segment.md`.
    package var bytes: [UInt8] {
        var writer = ByteWriter(reserving: block.count + 160 * proofs.count + 64)
        writer.write(counted: block)
        writer.write(varint: UInt64(cards.count))
        for card in cards {
            writer.write(fixed64: card.time.raw)
            writer.write(counted: card.introduction.body)
            writer.write(bytes: card.signature.bytes)
        }
        for (run, proof) in zip(segment.runs, proofs) {
            if let before = proof.before { writer.write(bytes: before.bytes) }
            writer.write(varint: UInt64(proof.seals.count))
            var previous = run.first - 1
            for seal in proof.seals {
                writer.write(varint: seal.seq - previous)
                writer.write(bytes: seal.signature.bytes)
                previous = seal.seq
            }
            writer.write(varint: UInt64(proof.tail.count))
            for hash in proof.tail { writer.write(bytes: hash.bytes) }
        }
        return writer.bytes
    }
}
