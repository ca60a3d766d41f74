import FikaSimulation
import FikaCRDT
package import FikaLog

/// The load as it is received: sealed segments of 1024 ops of all authors, in the order of time.
///
/// Each author seals at its first op, every 64 ops and at the end. A run that ends between seals
/// has a tail, so a segment is given as soon as the last of its runs is covered.
package struct LoadSegments: Sendable {
    package private(set) var ops: LoadOps
    private let opsPerSegment: Int
    private var chains: [LoadChain]
    private var builder: SegmentBuilder
    private var waiting: [LoadDraft] = []
    private var isAtEnd = false

    package init(messages: Int, seed: UInt64 = 1, opsPerSegment: Int = 1024) {
        ops = LoadOps(messages: messages, seed: seed)
        self.opsPerSegment = opsPerSegment
        let log = ops.log
        chains = ops.authors.map { LoadChain(author: $0, log: log) }
        builder = SegmentBuilder(log: log)
    }

    /// The next segment; nil at the end.
    package mutating func next() -> SealedSegment? {
        while !isFirstCovered, !isAtEnd { takeOp() }
        guard !waiting.isEmpty else { return nil }
        return waiting.removeFirst().sealed
    }

    private var isFirstCovered: Bool { waiting.first?.isCovered ?? false }

    private mutating func takeOp() {
        guard let (op, author) = ops.next() else {
            if builder.count > 0 { closeSegment() }
            for author in chains.indices { seal(author) }
            isAtEnd = true
            return
        }
        builder.append(op)
        chains[author].append(op)
        if Seal.isPermanent(seq: op.id.dot.seq) { seal(author) }
        if builder.count == opsPerSegment { closeSegment() }
    }

    private mutating func closeSegment() {
        let block = builder.block()
        var ends: [LoadDraft.End] = []
        for run in builder.runs {
            let author = authorNumber(builder.replicas[Int(run.replica)])
            let (proof, uncovered) = chains[author].endSegment()
            ends.append(LoadDraft.End(author: author, proof: proof, isCovered: uncovered == 0))
        }
        waiting.append(LoadDraft(block: block, ends: ends))
        builder = SegmentBuilder(log: builder.log)
    }

    private func authorNumber(_ replica: ReplicaID) -> Int {
        guard let number = chains.firstIndex(where: { $0.replica == replica }) else {
            preconditionFailure("all replicas of the load are its authors'")
        }
        return number
    }

    /// Seals an author's ops and covers the runs that have waited for it.
    private mutating func seal(_ author: Int) {
        guard let (seal, hashes) = chains[author].seal() else { return }
        for index in waiting.indices {
            waiting[index].cover(author: author, with: seal, hashes: hashes)
        }
    }
}
