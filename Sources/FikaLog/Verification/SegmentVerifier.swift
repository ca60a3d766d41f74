package import FikaCRDT
import FikaWire

/// Verifies segments: ids, chain and seals, also of ranges that start mid-chain (rules S1 and S2).
package struct SegmentVerifier: Sendable {
    private let sealed: SealedSegment
    private var segment: Segment { sealed.segment }
    private var cards: [ReplicaID: Card] = [:]
    private var newCards: [Card] = []
    private var keys: [PublicKey] = []
    private var claims: [SealClaim] = []

    /// Returns the segment as verified.
    ///
    /// - Parameters:
    ///   - sealed: What was handed over.
    ///   - known: The card of a replica that the holder knows in this log; nil otherwise.
    ///   - check: Returns the index of the first invalid claim, nil when all are valid. A driver
    ///     may check them on several cores.
    /// - Returns: The same ops, with what vouches for them.
    /// - Throws: `LogError` naming the replica and seq at fault.
    package static func verify(
        _ sealed: SealedSegment, known: (ReplicaID) -> Card?,
        check: ([SealClaim]) -> Int? = { $0.firstIndex { !$0.isValid } }
    ) throws(LogError) -> VerifiedSegment {
        var verifier = SegmentVerifier(sealed: sealed)
        try verifier.gatherCards(known: known)
        try verifier.gatherKeys()
        let (opHashes, chains) = try verifier.hashRows()
        let runs = try verifier.verifyRuns(chains: chains)
        if let index = check(verifier.claims) {
            throw verifier.blame(claim: index, runs: runs)
        }
        return VerifiedSegment(
            sealed: sealed, runs: runs, newCards: verifier.newCards, opHashes: opHashes)
    }

    private init(sealed: SealedSegment) {
        self.sealed = sealed
    }

    /// Takes the cards that the segment brings, and those that are in it as ops.
    private mutating func gatherCards(known: (ReplicaID) -> Card?) throws(LogError) {
        for replica in Set(segment.runs.map { segment.replicas[Int($0.replica)] }) {
            if let card = known(replica) { cards[replica] = card }
        }
        for card in sealed.cards where cards[card.replica] == nil {
            try card.verify(in: segment.log)
            cards[card.replica] = card
            newCards.append(card)
        }
        for row in segment.rows where row.seq == 1 {
            let card = try cardInRow(row)
            guard cards[card.replica] == nil else { continue }
            try card.introduction.checkLog(segment.log)
            cards[card.replica] = card
            newCards.append(card)
        }
    }

    private func cardInRow(_ row: SegmentRow) throws(LogError) -> Card {
        let replica = segment.dot(row).replica
        guard row.kind == .introduction, !row.isErased, !row.isSalted, row.targetReplica < 0,
            row.origin < 0
        else { throw .unproven(replica, reason: "the first op is no introduction") }
        let body = Array(segment.body(row))
        let introduction = try LogError.mapping { () throws(WireError) in
            try Introduction(body: body)
        }
        guard introduction.replica == replica else {
            throw .unproven(replica, reason: "key and incarnation do not give the replica's id")
        }
        guard let seal = sealed.proofs[Int(row.run)].seals.first, seal.seq == 1 else {
            throw .missingSeal(replica, seq: 1)
        }
        return Card(time: row.time, introduction: introduction, signature: seal.signature)
    }

    /// Finds the key of each run's replica.
    private mutating func gatherKeys() throws(LogError) {
        for run in segment.runs {
            let replica = segment.replicas[Int(run.replica)]
            guard let card = cards[replica] else {
                throw .unproven(replica, reason: "it was never introduced")
            }
            keys.append(card.introduction.publicKey)
        }
    }

    /// Hashes all ops and walks each run's chain, noting the values at its seals.
    private mutating func hashRows() throws(LogError) -> ([Digest], [ChainWalk]) {
        var walks: [ChainWalk] = []
        for (run, proof) in zip(segment.runs, sealed.proofs) {
            let replica = segment.replicas[Int(run.replica)]
            guard (proof.before == nil) == (run.first == 1) else {
                throw .inconsistent("a run that starts mid-chain states the value before it")
            }
            let start = proof.before ?? Hashes.chainStart(log: segment.log, replica: replica)
            walks.append(ChainWalk(replica: replica, run: run, start: start, seals: proof.seals))
        }
        var opHashes: [Digest] = []
        opHashes.reserveCapacity(segment.rows.count)
        for row in segment.rows {
            let hash = segment.opHash(row)
            opHashes.append(hash)
            let index = Int(row.run)
            guard row.seq == 1 || row.kind != .introduction else {
                throw .unproven(walks[index].replica, reason: "it introduces itself twice")
            }
            walks[index].step(hash)
        }
        return (opHashes, walks)
    }

    private mutating func verifyRuns(chains walks: [ChainWalk]) throws(LogError) -> [VerifiedRun] {
        var runs: [VerifiedRun] = []
        for (index, var walk) in walks.enumerated() {
            let proof = sealed.proofs[index]
            let end = walk.chain
            for hash in proof.tail { walk.step(hash) }
            guard walk.isCovered else {
                throw .missingSeal(walk.replica, seq: segment.runs[index].last)
            }
            for seal in walk.sealed {
                let text = Seal.text(
                    log: segment.log, replica: walk.replica, seq: seal.seq, chain: seal.chain)
                claims.append(
                    SealClaim(key: keys[index], signature: seal.signature, text: text))
            }
            runs.append(
                VerifiedRun(
                    replica: walk.replica, first: segment.runs[index].first,
                    last: segment.runs[index].last, before: walk.start, end: end,
                    seals: walk.sealed, tail: proof.tail))
        }
        return runs
    }

    private func blame(claim: Int, runs: [VerifiedRun]) -> LogError {
        var rest = claim
        for run in runs {
            if rest < run.seals.count { return .badSeal(run.replica, seq: run.seals[rest].seq) }
            rest -= run.seals.count
        }
        preconditionFailure("each claim belongs to a seal")
    }
}
