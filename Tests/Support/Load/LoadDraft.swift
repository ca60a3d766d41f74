import FikaLog

/// A segment of the load whose runs wait for the seals that cover their ends.
struct LoadDraft: Sendable {
    let block: [UInt8]
    let segment: Segment
    /// By run.
    private var ends: [End]

    /// What vouches for a run, so far.
    struct End: Sendable {
        let author: Int
        var proof: RunProof
        var isCovered: Bool
    }

    init(block: [UInt8], ends: [End]) {
        do {
            segment = try Segment(block: block)
        } catch {
            preconditionFailure("a block that was just encoded decodes: \(error)")
        }
        self.block = block
        self.ends = ends
    }

    var isCovered: Bool { ends.allSatisfy(\.isCovered) }

    var sealed: SealedSegment {
        SealedSegment(block: block, segment: segment, cards: [], proofs: ends.map(\.proof))
    }

    /// Covers the author's run: its tail is what the seal covers after the run's end.
    mutating func cover(author: Int, with seal: Seal, hashes: [Digest]) {
        guard let run = ends.firstIndex(where: { $0.author == author && !$0.isCovered }) else {
            return
        }
        ends[run].proof.seals.append(seal)
        ends[run].proof.tail = Array(hashes.suffix(Int(seal.seq - segment.runs[run].last)))
        ends[run].isCovered = true
    }
}
