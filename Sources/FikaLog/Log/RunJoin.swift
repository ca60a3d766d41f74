import FikaCRDT

/// Compares one run with what a log holds of its replica.
///
/// A chain value stands for all ops before it. So two branches are told apart wherever both sides
/// know the value at one seq, and the highest such seq speaks for all below.
struct RunJoin<Log: OpLog> {
    private let segment: VerifiedSegment
    private let index: Int
    private let log: Log
    private let have: ReplicaHave
    private var run: VerifiedRun { segment.runs[index] }

    /// A chain value that is held, and the seq to blame when the run has another.
    private struct Point {
        var seq: UInt64
        var chain: Digest
        var blamed: UInt64
    }

    init(segment: VerifiedSegment, index: Int, log: Log, have: ReplicaHave) {
        self.segment = segment
        self.index = index
        self.log = log
        self.have = have
    }

    /// The seals held at the seqs of which the run knows the chain value.
    func heldSeals() throws(Log.Failure) -> [HeldSeal] {
        try log.seals(
            of: run.replica, in: segment.log,
            seqs: max(run.first - 1, 1)...run.sealedLast)
    }

    /// Returns a fork when the run and what is held do not belong to one chain.
    func conflict(seals: [HeldSeal]) throws(Log.Failure) -> LogError? {
        var points = seals.map { Point(seq: $0.seq, chain: $0.chain, blamed: $0.seq) }
        for interval in have.intervals(near: run.first...run.sealedLast)
        where interval.first <= run.sealedLast + 1 && run.first <= interval.sealedLast + 1 {
            points += try self.points(of: interval, seals: seals)
        }
        points.sort { $0.seq < $1.seq }
        guard let wrong = firstWrong(points) else { return nil }
        let seq = try firstDifference(upTo: wrong.seq) ?? max(wrong.blamed, run.first)
        return .fork(run.replica, seq: seq)
    }

    private func points(
        of interval: HaveInterval, seals: [HeldSeal]
    ) throws(Log.Failure) -> [Point] {
        var points = [
            Point(seq: interval.first - 1, chain: interval.before, blamed: interval.first),
            Point(seq: interval.last, chain: interval.end, blamed: interval.last + 1),
        ]
        points.removeAll { !(run.first - 1...run.sealedLast).contains($0.seq) }
        let top = min(run.sealedLast, interval.sealedLast)
        if !points.contains(where: { $0.seq == top }), !seals.contains(where: { $0.seq == top }) {
            points.append(
                Point(
                    seq: top,
                    chain: try log.chain(
                        of: run.replica, in: segment.log, at: top, within: interval), blamed: top))
        }
        return points
    }

    private func firstWrong(_ points: [Point]) -> Point? {
        // Most points stand where the run states the value; only others need the walk.
        var stated = [run.first - 1: run.before, run.last: run.end]
        for seal in run.seals { stated[seal.seq] = seal.chain }
        var walked: [Digest] = []
        for point in points {
            let chain: Digest
            if let value = stated[point.seq] {
                chain = value
            } else {
                if walked.isEmpty { walked = segment.chainValues(ofRun: index) }
                chain = walked[Int(point.seq + 1 - run.first)]
            }
            if chain != point.chain { return point }
        }
        return nil
    }

    /// The first seq at which both have an op's hash, and not the same; where all are the same the
    /// branches parted before, and do not join at the first of them.
    private func firstDifference(upTo wrong: UInt64) throws(Log.Failure) -> UInt64? {
        let hashes = segment.hashes(ofRun: index)
        for interval in have.intervals {
            let first = max(run.first, interval.first)
            let last = min(run.sealedLast, interval.sealedLast)
            guard first <= last else { continue }
            var held: [Digest] = []
            if first <= interval.last {
                held = try log.ops(
                    of: run.replica, in: segment.log, seqs: first...min(last, interval.last)
                ).map(\.hash)
            }
            let skipped = first > interval.last ? Int(first - interval.last - 1) : 0
            held += interval.tail.dropFirst(skipped)
            for (offset, seq) in (first...last).enumerated()
            where held[offset] != hashes[Int(seq - run.first)] {
                return seq
            }
            if wrong <= last { return first }
        }
        return nil
    }
}
