import FikaSimulation
import FikaCRDT
import FikaLog
import FikaTestSupport
import Testing

/// Segments whose hashes and seals are all true, and whose ops and proofs break the rules: nothing
/// but the rules can tell.
@Suite struct SemanticMutationTests {
    /// Signing costs too much for so many; the verifier's driver answers for the signatures.
    private static let signature = Signature(bytes: [UInt8](repeating: 1, count: 64))

    private struct Story {
        var replica: TestReplica
        var ranges: [ClosedRange<UInt64>] = []
        var seals: [[UInt64]] = []
        var tails: [Int] = []
        var statesBefore: [Bool] = []
    }

    @Test(arguments: 0..<4)
    func `S2, O4: a verdict on true hashes is the one of the rules`(part: Int) throws {
        let signature = try #require(Self.signature)
        var verdicts = [true: 0, false: 0]
        forAll(seed: 10_000 + UInt64(part) * 1000, count: 20) { generator in
            let replica = replica(&generator)
            for _ in 0..<100 {
                let story = story(of: replica, &generator)
                let isGood = isLawful(story)
                verdicts[isGood, default: 0] += 1
                let sealed = sealed(story, signature: signature)
                let verified: VerifiedSegment
                do {
                    verified = try verify(sealed, replica.card(signature))
                } catch {
                    try #require(!isGood, "refused although lawful: \(error)")
                    continue
                }
                try #require(isGood, "taken against the rules")
                try #require(verified.runs.map(\.first) == story.ranges.map(\.lowerBound))
                try expectJoins(verified, replica: replica)
                let again = try SealedSegment(bytes: sealed.bytes)
                _ = try verify(again, replica.card(signature))
                try #require(again.bytes == sealed.bytes)
            }
        }
        #expect(verdicts.values.allSatisfy { $0 > 200 }, "\(verdicts)")
    }

    private func verify(_ sealed: SealedSegment, _ card: Card) throws(LogError) -> VerifiedSegment {
        try SegmentVerifier.verify(sealed, known: { _ in card }, check: { _ in nil })
    }

    private func expectJoins(_ verified: VerifiedSegment, replica: TestReplica) throws {
        for run in verified.runs {
            try #require(run.before == replica.chains[Int(run.first) - 1])
            try #require(run.end == replica.chains[Int(run.last)])
            try #require(run.seals.allSatisfy { $0.chain == replica.chains[Int($0.seq)] })
        }
    }

    /// A replica's ops, some of them against the rules.
    private func replica(_ generator: inout SplitMix64) -> TestReplica {
        var replica = TestReplica(seed: 5, log: logNumbered(1))
        let count = generator.number(in: 2...150) as UInt64
        while replica.last < count {
            replica.write(
                generator.oneIn(200) ? .introduction : Kind(generator.number(in: 2...300)),
                body: [UInt8](repeating: 7, count: generator.number(in: 0..<4)))
        }
        return replica
    }

    /// Ranges of its ops with seals, often at odd places.
    private func story(of replica: TestReplica, _ generator: inout SplitMix64) -> Story {
        let count = replica.last
        var story = Story(replica: replica)
        var next = generator.bool() ? 1 : generator.number(in: 1...count)
        while next <= count, story.ranges.count < 3 {
            let last = min(next + generator.number(in: 0...30), count)
            let permanent = Seal.nextPermanent(after: last - 1)
            var sealedAt = generator.number(in: last...max(min(permanent, count), last))
            var seals = (next...last).filter { Seal.isPermanent(seq: $0) || generator.oneIn(20) }
            if generator.oneIn(12), !seals.isEmpty { seals.remove(at: 0) }
            if generator.oneIn(12) { sealedAt = generator.number(in: last...count) }
            if seals.last != sealedAt || generator.oneIn(30) { seals.append(sealedAt) }
            story.ranges.append(next...last)
            story.seals.append(seals)
            story.tails.append(
                generator.oneIn(15) ? generator.number(in: 0..<5) : Int(sealedAt - last))
            story.statesBefore.append(generator.oneIn(40) ? next == 1 : next > 1)
            next = last + 2 + generator.number(in: 0...20)
        }
        return story
    }

    private func sealed(_ story: Story, signature: Signature) -> SealedSegment {
        let replica = story.replica
        var builder = SegmentBuilder(log: replica.log)
        var proofs: [RunProof] = []
        for (index, range) in story.ranges.enumerated() {
            for seq in range { builder.append(replica.ops[Int(seq) - 1]) }
            let tail = (0..<story.tails[index]).map { offset in
                let seq = Int(range.upperBound) + offset
                return seq < replica.ops.count ? replica.ops[seq].hash : Hashes.digest([])
            }
            proofs.append(
                RunProof(
                    before: story.statesBefore[index]
                        ? replica.chains[Int(range.lowerBound) - 1] : nil,
                    seals: story.seals[index].map { Seal(seq: $0, signature: signature) },
                    tail: tail))
        }
        return TestReplica.sealed(builder, cards: [], proofs: proofs)
    }

    /// The rules again, as plainly as they can be said.
    private func isLawful(_ story: Story) -> Bool {
        for (index, range) in story.ranges.enumerated() {
            let seals = story.seals[index]
            let needed = range.filter { $0 == 1 || $0 % 64 == 0 }
            let covering = seals.filter { $0 >= range.upperBound }
            guard seals == Set(seals).sorted(), Set(needed).isSubset(of: seals),
                covering.count == 1, covering == [seals.last],
                !(range.upperBound..<covering[0]).contains(where: { $0 % 64 == 0 || $0 == 1 }),
                UInt64(story.tails[index]) == covering[0] - range.upperBound,
                story.statesBefore[index] == (range.lowerBound > 1),
                range.allSatisfy({
                    (story.replica.ops[Int($0) - 1].kind == .introduction) == ($0 == 1)
                })
            else { return false }
        }
        return true
    }
}

extension TestReplica {
    /// The card with a signature that nobody checks.
    fileprivate func card(_ signature: Signature) -> Card {
        Card(time: ops[0].time, introduction: introduction, signature: signature)
    }
}
