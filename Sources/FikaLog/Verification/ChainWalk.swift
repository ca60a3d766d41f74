import FikaCRDT

/// Walks one run's chain and picks up the value at each seal.
struct ChainWalk {
    let replica: ReplicaID
    let start: Digest
    private(set) var chain: Digest
    private(set) var sealed: [HeldSeal] = []
    private let seals: [Seal]
    private var seq: UInt64

    init(replica: ReplicaID, run: SegmentRun, start: Digest, seals: [Seal]) {
        self.replica = replica
        self.start = start
        self.seals = seals
        chain = start
        seq = run.first - 1
    }

    /// Adds an op, of which only the hash is needed.
    mutating func step(_ opHash: Digest) {
        chain = Hashes.chain(after: chain, opHash: opHash)
        seq += 1
        if sealed.count < seals.count, seals[sealed.count].seq == seq {
            let seal = seals[sealed.count]
            sealed.append(HeldSeal(seq: seq, chain: chain, signature: seal.signature))
        }
    }

    /// Whether the last seal stands exactly where the ops and the tail end.
    var isCovered: Bool {
        sealed.count == seals.count && sealed.last?.seq == seq
    }
}
