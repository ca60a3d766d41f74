import FikaCRDT
import FikaLog

/// Walks all chains of one replica while its ops come by in any order.
struct ReplicaAudit {
    private let log: LogID
    private let card: Card
    private let intervals: [HaveInterval]
    private let seals: [UInt64: HeldSeal]
    /// The chain value after the last op walked, by interval.
    private var walked: [(next: UInt64, chain: Digest)]
    /// Hashes of ops that came before their predecessors.
    private var waiting: [UInt64: Digest] = [:]
    private(set) var problems: [StoreProblem] = []
    private(set) var claims: [SealClaim] = []
    /// Over which seq each claim is.
    private var claimSeqs: [UInt64] = []
    private(set) var sealCount = 0

    init(log: LogID, card: Card, have: ReplicaHave, seals: [HeldSeal]) {
        self.log = log
        self.card = card
        intervals = have.intervals
        self.seals = Dictionary(seals.map { ($0.seq, $0) }) { first, _ in first }
        walked = have.intervals.map { ($0.first, $0.before) }
        for interval in intervals where interval.first == 1 {
            let start = Hashes.chainStart(log: log, replica: card.replica)
            if interval.before != start { report(1, "the chain does not start where it must") }
        }
    }

    /// Takes the hash of one stored op.
    mutating func add(seq: UInt64, hash: Digest) {
        guard let index = intervals.firstIndex(where: { $0.first <= seq && seq <= $0.last })
        else { return report(seq, "it is stored but not in the replica's have") }
        if seq != walked[index].next {
            if seq < walked[index].next || waiting[seq] != nil {
                return report(seq, "it is stored twice")
            }
            waiting[seq] = hash
            return
        }
        step(index, seq: seq, hash: hash)
        while let hash = waiting.removeValue(forKey: walked[index].next) {
            step(index, seq: walked[index].next, hash: hash)
        }
    }

    private mutating func step(_ index: Int, seq: UInt64, hash: Digest) {
        let chain = Hashes.chain(after: walked[index].chain, opHash: hash)
        walked[index] = (seq + 1, chain)
        check(seq, chain: chain)
        guard seq == intervals[index].last else { return }
        if chain != intervals[index].end { report(seq, "the chain does not end where it must") }
        var tailChain = chain
        for (offset, hash) in intervals[index].tail.enumerated() {
            tailChain = Hashes.chain(after: tailChain, opHash: hash)
            check(seq + UInt64(offset) + 1, chain: tailChain)
        }
        let covered = seq + UInt64(intervals[index].tail.count)
        if seals[covered] == nil { report(seq, "no seal vouches for it") }
    }

    private mutating func check(_ seq: UInt64, chain: Digest) {
        guard let seal = seals[seq] else {
            if Seal.isPermanent(seq: seq) { report(seq, "the seal that stands here is missing") }
            return
        }
        sealCount += 1
        guard seal.chain == chain else {
            return report(seq, "the seal is over another chain value: bytes were changed")
        }
        let text = Seal.text(log: log, replica: card.replica, seq: seq, chain: chain)
        claims.append(
            SealClaim(
                key: card.introduction.publicKey, signature: seal.signature, text: text))
        claimSeqs.append(seq)
    }

    /// Checks the signatures gathered so far.
    mutating func checkClaims() {
        if let index = ParallelSealCheck.firstInvalid(claims) {
            report(claimSeqs[index], "the signature of its seal is invalid")
        }
        claims = []
        claimSeqs = []
    }

    /// Finds what is in the have and did not come by.
    mutating func finish() {
        checkClaims()
        for (interval, walk) in zip(intervals, walked) where walk.next <= interval.last {
            report(walk.next, "it is in the replica's have but not stored")
        }
    }

    private mutating func report(_ seq: UInt64?, _ what: String) {
        // One broken chain breaks all that follows; the first few say where.
        guard problems.count < 8 else { return }
        problems.append(
            StoreProblem(log: log, replica: card.replica, seq: seq, what: what))
    }
}
