import FikaCRDT

/// Seals a replica's unsealed ops: computes the chain, signs, and gives segments to hand over (S2).
package struct Sealer: Sendable {
    private let key: DeviceKey
    private let log: LogID
    private let replica: ReplicaID
    private var chain: Digest
    private var segments: [SealedSegment] = []

    private var builder: SegmentBuilder
    private var before: Digest
    private var seals: [Seal] = []

    /// Returns the ops in segments, each ending at a seal.
    ///
    /// - Parameters:
    ///   - ops: The unsealed ops of one replica in one log, rising without a gap; at least one.
    ///   - chain: The chain value before the first of them.
    ///   - key: The replica's key.
    /// - Returns: Segments of at most 1024 ops, without cards.
    package static func seal(
        _ ops: [Op], after chain: Digest, key: DeviceKey
    ) -> [SealedSegment] {
        guard let first = ops.first else { return [] }
        var sealer = Sealer(first: first, chain: chain, key: key)
        for (index, op) in ops.enumerated() {
            sealer.add(op, isLast: index == ops.count - 1)
        }
        return sealer.segments
    }

    private init(first: Op, chain: Digest, key: DeviceKey) {
        self.key = key
        self.chain = chain
        log = first.id.log
        replica = first.id.dot.replica
        before = chain
        builder = SegmentBuilder(log: log)
    }

    private mutating func add(_ op: Op, isLast: Bool) {
        let seq = op.id.dot.seq
        builder.append(op)
        chain = Hashes.chain(after: chain, opHash: op.hash)
        // The segment may not take another full body: it ends here, at a seal of its own.
        let isFull = !builder.hasRoom(forBody: Limits.bodyBytesMaximum)
        if Seal.isPermanent(seq: seq) || isLast || isFull {
            let text = Seal.text(log: log, replica: replica, seq: seq, chain: chain)
            seals.append(Seal(seq: seq, signature: key.sign(text)))
        }
        if isLast || isFull { finishSegment() }
    }

    private mutating func finishSegment() {
        guard let run = builder.runs.first, builder.runs.count == 1 else {
            preconditionFailure("one replica's ops without a gap are one run")
        }
        let block = builder.block()
        do {
            segments.append(
                SealedSegment(
                    block: block, segment: try Segment(block: block), cards: [],
                    proofs: [RunProof(before: run.first == 1 ? nil : before, seals: seals)]))
        } catch {
            preconditionFailure("a block that was just encoded decodes: \(error)")
        }
        before = chain
        seals = []
        builder = SegmentBuilder(log: log)
    }
}
