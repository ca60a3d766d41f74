import FikaSimulation
import FikaCRDT
import FikaLog
import FikaTestSupport
import FikaWire
import Testing

/// Damaged bytes: decoder and verifier never trap, and what they take they take again.
///
/// 102,000 in all, 500 to a seed; the seeds of the parts do not overlap.
@Suite struct MutationTests {
    private static let replica = {
        var replica = TestReplica(seed: 3, log: logNumbered(1))
        replica.write("fika?")
        replica.write("nu", answering: replica.dot(2))
        let origin = Origin(dot: replica.dot(2), bodyHash: replica.ops[1].bodyHash)
        replica.write(Kind(0x4001), body: [1, 2, 3], target: replica.dot(1), origin: origin)
        replica.write(upTo: 100)
        return replica
    }()

    private static let sealed = [
        replica.segment(1...6), replica.segment(2...6, erasing: [3]),
        replica.segment(63...66, sealedAt: 68),
        replica.segment(ofRanges: [2...4, 8...8], sealedAt: 10, erasing: [2]),
        replica.segment(1...40),
    ]

    @Test(arguments: 0..<4)
    func `damaged blocks never trap, and what decodes decodes again alike`(part: Int) {
        let blocks = Self.sealed.map(\.block)
        var taken = 0
        forAll(seed: UInt64(part) * 1000, count: 36) { generator in
            for _ in 0..<500 {
                let bytes = damaged(blocks, &generator)
                guard let segment = try? Segment(block: bytes) else { continue }
                taken += 1
                var builder = SegmentBuilder(log: segment.log)
                for row in segment.rows { builder.append(row, of: segment) }
                let again = try Segment(block: builder.block())
                try #require(again.ops == segment.ops)
            }
        }
        #expect(taken > 50, "some damages leave a block that decodes")
    }

    @Test(arguments: 4..<8)
    func `damaged sealed segments never trap, and none of them verifies as another`(part: Int) {
        let whole = Self.sealed.map(\.bytes)
        forAll(seed: UInt64(part) * 1000, count: 15) { generator in
            for _ in 0..<500 {
                let bytes = damaged(whole, &generator)
                guard let sealed = try? SealedSegment(bytes: bytes) else { continue }
                let again = try SealedSegment(bytes: sealed.bytes)
                try #require(again.segment.ops == sealed.segment.ops)
                try #require(again.proofs == sealed.proofs && again.cards == sealed.cards)
                guard let verified = try? again.verified() else { continue }
                for op in verified.segment.ops {
                    try #require(op.hash == Self.replica.ops[Int(op.id.dot.seq) - 1].hash)
                }
            }
        }
    }

    private func damaged(_ originals: [[UInt8]], _ generator: inout SplitMix64) -> [UInt8] {
        let bytes = generator.damaged(generator.pick(originals))
        return generator.oneIn(4) ? splice(bytes, generator.pick(originals), &generator) : bytes
    }

    private func splice(
        _ left: [UInt8], _ right: [UInt8], _ generator: inout SplitMix64
    ) -> [UInt8] {
        Array(left.prefix(generator.number(in: 0...left.count)))
            + Array(right.suffix(generator.number(in: 0...right.count)))
    }

    /// Of one op: a head of 129 bytes, and bodies that leave less than 128 for it.
    private static var tooLarge: [([UInt8], LogError)] {
        let one = [1] + [UInt8](repeating: 1, count: 16) + [1, 0, 2, 1]
        return [
            (
                one + [0x81, 1, 0, 0],
                .malformed(.aboveLimit(offset: 40, value: 129, limit: 128))
            ),
            (
                one + [5, 0x81, 0xFF, 0x3F, 0],
                .malformed(.aboveLimit(offset: 41, value: 1_048_449, limit: 1_048_448))
            ),
        ]
    }

    @Test func `counts that lie are refused before anything is allocated for them`() throws {
        // 18: replicas, here 4096 with no byte of them; then one replica with 1024 ops.
        let start: [UInt8] = [1, 0] + [UInt8](repeating: 7, count: 16) + [0]
        let huge: [UInt8] = [0x80, 0x80, 0x3F]
        let lies: [([UInt8], LogError)] = [
            ([0x80, 0x20], .malformed(.truncated(offset: 21))),
            (
                [0x81, 0x20],
                .malformed(.aboveLimit(offset: 19, value: 4097, limit: 4096))
            ),
            (
                [1] + [UInt8](repeating: 1, count: 16) + [1, 0, 2, 0x80, 8, 5, 0, 0],
                .malformed(.truncated(offset: 41))
            ),
            (
                [1] + [UInt8](repeating: 1, count: 16) + [1, 0, 2, 1, 5] + huge + huge,
                .malformed(.truncated(offset: 47))
            ),
        ]
        for (bytes, error) in lies + Self.tooLarge {
            #expect(throws: error) { try Segment(block: start + bytes) }
        }
    }
}
