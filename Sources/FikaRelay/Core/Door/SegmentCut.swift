import FikaCRDT
import FikaLog

/// Cuts some rows out of a verified segment, so that they verify by themselves.
enum SegmentCut {
    /// Cuts rows out, given by rising indices: of each run a range without a gap.
    ///
    /// `known` has the cards of their replicas.
    static func cut(
        _ rows: [Int], of segment: VerifiedSegment, known: [ReplicaID: Card]
    ) -> Upload {
        var builder = SegmentBuilder(log: segment.log)
        // A part that introduces a replica brings its card, whoever has taken it already.
        var known = known
        var ranges: [Int: ClosedRange<UInt64>] = [:]
        var order: [Int] = []
        for index in rows {
            let row = segment.segment.rows[index]
            let run = Int(row.run)
            builder.append(segment.segment.op(row))
            if row.seq == 1 { known[segment.segment.dot(row).replica] = nil }
            if let range = ranges[run] {
                ranges[run] = range.lowerBound...row.seq
            } else {
                ranges[run] = row.seq...row.seq
                order.append(run)
            }
        }
        let proofs = order.map { run in
            proof(ofRun: run, seqs: ranges[run] ?? 1...1, in: segment)
        }
        return upload(block: builder.block(), proofs: proofs, known: known)
    }

    private static func proof(
        ofRun index: Int, seqs: ClosedRange<UInt64>, in segment: VerifiedSegment
    ) -> RunProof {
        let run = segment.runs[index]
        let within = run.seals.filter { $0.seq >= seqs.lowerBound }
        guard let covering = within.firstIndex(where: { $0.seq >= seqs.upperBound }) else {
            preconditionFailure("a seal covers each verified op")
        }
        let hashes = segment.hashes(ofRun: index)
        let from = Int(seqs.upperBound + 1 - run.first)
        let to = Int(within[covering].seq + 1 - run.first)
        let before =
            seqs.lowerBound == 1
            ? nil
            : segment.chainValues(ofRun: index)[Int(seqs.lowerBound - run.first)]
        return RunProof(
            before: before, seals: within[...covering].map(\.seal), tail: Array(hashes[from..<to]))
    }

    private static func upload(
        block: [UInt8], proofs: [RunProof], known: [ReplicaID: Card]
    ) -> Upload {
        do {
            let sealed = SealedSegment(
                block: block, segment: try Segment(block: block), cards: [], proofs: proofs)
            let verified = try SegmentVerifier.verify(
                sealed, known: { known[$0] }, check: { _ in nil })
            return Upload(sealed: sealed, verified: verified)
        } catch {
            preconditionFailure("what was verified verifies in parts: \(error)")
        }
    }
}
