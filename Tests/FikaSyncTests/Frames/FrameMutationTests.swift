import FikaSimulation
import FikaSync
import FikaTestSupport
import Testing

/// Damaged streams and bodies: the decoder never traps and holds no more than it was given.
///
/// 100,000 in all, 500 to a seed; the seeds of the parts do not overlap.
@Suite struct FrameMutationTests {
    /// A stream of each type once, and more of them at random.
    private static let streams: [[UInt8]] = (1...12).map { seed in
        var generator = SplitMix64(seed: UInt64(seed))
        let frames = FrameType.allCases.shuffled(using: &generator).prefix(6).map { type in
            generator.frame(of: type)
        }
        return frames.flatMap { $0.encode() }
    }

    private static let bodies: [(type: FrameType, body: [UInt8])] = (1...6).flatMap { seed in
        var generator = SplitMix64(seed: UInt64(100 + seed))
        return FrameType.allCases.map { ($0, generator.frame(of: $0).body) }
    }

    @Test(arguments: 0..<4)
    func `damaged streams never trap, and hold no more than one frame`(part: Int) {
        var taken = 0
        forAll(seed: UInt64(part) * 1000, count: 25) { generator in
            for _ in 0..<500 {
                let stream = generator.damaged(generator.pick(Self.streams))
                let limit = generator.pick([FrameLimit.handshake, .full])
                var decoder = FrameDecoder(limit: limit)
                var rest = stream[...]
                var byteCount = 0
                do {
                    while !rest.isEmpty {
                        let piece = generator.number(in: 1...rest.count)
                        decoder.append(rest.prefix(piece))
                        rest = rest.dropFirst(piece)
                        while let decoded = try decoder.next() {
                            taken += 1
                            byteCount += decoded.byteCount
                            try #require(decoded.frame.byteCount == decoded.byteCount)
                        }
                        try #require(byteCount + decoder.bufferedCount <= stream.count)
                        try #require(decoder.bufferedCount <= limit.byteCount + 5)
                    }
                } catch is FrameError {
                    try #require(decoder.bufferedCount == 0)
                }
            }
        }
        #expect(taken > 1000, "most damages leave some frames")
    }

    @Test(arguments: 4..<8)
    func `a damaged body is refused, or is a frame that encodes as it came`(part: Int) {
        var taken = 0
        forAll(seed: UInt64(part) * 1000, count: 25) { generator in
            for _ in 0..<500 {
                let (type, body) = generator.pick(Self.bodies)
                let damaged = generator.damaged(body)
                guard let frame = try? Frame(type: type, body: damaged) else { continue }
                taken += 1
                try #require(frame.body == damaged)
                try #require(frame.type == type)
            }
        }
        #expect(taken > 500, "some damages leave a frame")
    }
}
