package import FikaCRDT
import FikaWire

/// Verifies segments: ids, chain and seals, also of ranges that start mid-chain (rules S1 and S2).
package struct SegmentVerifier: Sendable {
    private let sealed: SealedSegment
    private let segment: Segment
    /// Who wrote each run.
    private let writers: [ReplicaID]
    private var cards: [ReplicaID: Card] = [:]
    private var newCards: [Card] = []
    private var claims: [SealClaim] = []
    /// Whose seal each claim is, and over which seq.
    private var claimDots: [Dot] = []

    /// Returns the segment as verified.
    ///
    /// - Parameters:
    ///   - sealed: What was handed over.
    ///   - known: The card of a replica that the holder knows in this log; nil otherwise.
    ///   - holds: Whether the holder has this very seal over this chain value in this log. It was
    ///     checked when it came, and is not checked again: pieces of a chain that come one by one
    ///     are often vouched for by the same seal.
    ///   - check: Returns the index of the first invalid claim, nil when all are valid. A driver
    ///     may check them on several cores.
    /// - Returns: The same ops, with what vouches for them.
    /// - Throws: `LogError` naming the replica and seq at fault.
    package static func verify(
        _ sealed: SealedSegment, known: (ReplicaID) -> Card?,
        holds: (ReplicaID, HeldSeal) -> Bool = { _, _ in false },
        check: ([SealClaim]) -> Int? = { $0.firstIndex { !$0.isValid } }
    ) throws(LogError) -> VerifiedSegment {
        var verifier = SegmentVerifier(sealed: sealed)
        try verifier.gatherCards(known: known)
        for (index, run) in verifier.segment.runs.enumerated() {
            try sealed.proofs[index].checkPlaces(in: run, of: verifier.writers[index])
        }
        let (opHashes, walks) = try verifier.hashRows()
        let runs = try verifier.verifyRuns(walks, holds: holds)
        let verified = VerifiedSegment(
            sealed: sealed, runs: runs, newCards: verifier.newCards, opHashes: opHashes)
        try verified.checkRunsAgree()
        if !PlantedBug.believesAnySeal.isPlanted, let index = check(verifier.claims) {
            let dot = verifier.claimDots[index]
            throw .badSeal(dot.replica, seq: dot.seq)
        }
        return verified
    }

    private init(sealed: SealedSegment) {
        self.sealed = sealed
        segment = sealed.segment
        writers = segment.runs.map { [segment] in segment.replicas[Int($0.replica)] }
    }

    /// Gathers the cards that are known, those that the segment brings, and those in it as ops.
    private mutating func gatherCards(known: (ReplicaID) -> Card?) throws(LogError) {
        for replica in writers where cards[replica] == nil { cards[replica] = known(replica) }
        var previous: ReplicaID?
        for card in sealed.cards {
            let replica = card.replica
            guard previous.map({ $0 < replica }) ?? true, writers.contains(replica) else {
                throw .inconsistent("cards rise, and are of replicas whose ops come with them")
            }
            previous = replica
            guard cards[replica] == nil else { continue }
            try add(card)
            claim(card.claim(in: segment.log), by: Dot(replica: replica, seq: 1))
        }
        for row in segment.rows where row.seq == 1 {
            let card = try cardInRow(row)
            if let other = cards[card.replica] {
                guard other.hasSameIntroduction(as: card) else {
                    throw .fork(card.replica, seq: 1)
                }
            } else {
                try add(card)
            }
        }
        for replica in writers where cards[replica] == nil {
            throw .unproven(replica, reason: "it was never introduced")
        }
        newCards.sort { $0.replica < $1.replica }
    }

    private mutating func add(_ card: Card) throws(LogError) {
        try card.introduction.checkLog(segment.log)
        cards[card.replica] = card
        newCards.append(card)
    }

    private mutating func claim(_ claim: SealClaim, by dot: Dot) {
        claims.append(claim)
        claimDots.append(dot)
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

    /// Hashes all ops and walks each run's chain, noting the values at its seals.
    private func hashRows() throws(LogError) -> ([Digest], [ChainWalk]) {
        var walks: [ChainWalk] = []
        for (index, proof) in sealed.proofs.enumerated() {
            let replica = writers[index]
            let start = proof.before ?? Hashes.chainStart(log: segment.log, replica: replica)
            walks.append(
                ChainWalk(
                    replica: replica, run: segment.runs[index], start: start, seals: proof.seals))
        }
        var opHashes: [Digest] = []
        opHashes.reserveCapacity(segment.rows.count)
        var text = HashText(.op)
        for row in segment.rows {
            let index = Int(row.run)
            guard row.seq == 1 || row.kind != .introduction else {
                throw .unproven(writers[index], reason: "it introduces itself twice")
            }
            let hash = segment.opHash(row, in: &text)
            opHashes.append(hash)
            walks[index].step(hash)
        }
        return (opHashes, walks)
    }

    private mutating func verifyRuns(
        _ walks: [ChainWalk], holds: (ReplicaID, HeldSeal) -> Bool
    ) throws(LogError) -> [VerifiedRun] {
        var runs: [VerifiedRun] = []
        for (index, var walk) in walks.enumerated() {
            let run = segment.runs[index]
            let proof = sealed.proofs[index]
            let end = walk.chain
            for hash in proof.tail { walk.step(hash) }
            precondition(walk.isCovered, "the places of the seals were checked before")
            guard let key = cards[walk.replica]?.introduction.publicKey else {
                preconditionFailure("each writer has a card")
            }
            for seal in walk.sealed where !holds(walk.replica, seal) {
                let text = Seal.text(
                    log: segment.log, replica: walk.replica, seq: seal.seq, chain: seal.chain)
                claim(
                    SealClaim(key: key, signature: seal.signature, text: text),
                    by: Dot(replica: walk.replica, seq: seal.seq))
            }
            runs.append(
                VerifiedRun(
                    replica: walk.replica, first: run.first, last: run.last, before: walk.start,
                    end: end, seals: walk.sealed, tail: proof.tail))
        }
        return runs
    }
}
