import FikaCRDT
import FikaLog

/// One author's chain while the load is cut into segments.
struct LoadChain: Sendable {
    let replica: ReplicaID
    private let log: LogID
    private let key: DeviceKey
    private var chain: Digest
    private var seq: UInt64 = 0
    /// The hashes of the ops after the latest seal.
    private var unsealed: [Digest] = []
    /// The chain value before the first op of the segment being filled, and the seals in it.
    private var before: Digest
    private var opsInSegment = 0
    private var seals: [Seal] = []

    init(author: LoadAuthor, log: LogID) {
        replica = author.replica
        key = author.key
        self.log = log
        chain = Hashes.chainStart(log: log, replica: author.replica)
        before = chain
    }

    mutating func append(_ op: Op) {
        let hash = op.hash
        chain = Hashes.chain(after: chain, opHash: hash)
        seq = op.id.dot.seq
        unsealed.append(hash)
        opsInSegment += 1
    }

    /// Seals all ops so far; nil when they are.
    ///
    /// The hashes are those that the seal newly covers.
    mutating func seal() -> (seal: Seal, covered: [Digest])? {
        guard !unsealed.isEmpty else { return nil }
        let text = Seal.text(log: log, replica: replica, seq: seq, chain: chain)
        let seal = Seal(seq: seq, signature: key.sign(text))
        if opsInSegment > 0 { seals.append(seal) }
        defer { unsealed = [] }
        return (seal, unsealed)
    }

    /// The proof of the ops in the segment that ends here, and how many of them await a seal.
    mutating func endSegment() -> (proof: RunProof, uncovered: Int) {
        let isFirst = seq == UInt64(opsInSegment)
        let proof = RunProof(before: isFirst ? nil : before, seals: seals)
        before = chain
        seals = []
        opsInSegment = 0
        return (proof, unsealed.count)
    }
}
