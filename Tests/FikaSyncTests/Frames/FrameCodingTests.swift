import FikaSimulation
import FikaCRDT
import FikaLog
import FikaSync
import FikaTestSupport
import FikaWire
import Testing

@Suite struct FrameCodingTests {
    @Test(arguments: FrameType.allCases)
    func `a frame of each type comes back as it was`(type: FrameType) {
        forAll(count: 150) { generator in
            let frame = generator.frame(of: type)
            let bytes = frame.encode()
            var decoder = FrameDecoder(limit: .full)
            decoder.append(bytes)
            let decoded = try #require(try decoder.next())
            #expect(decoded.frame == frame)
            #expect(decoded.frame.type == type)
            #expect(decoded.byteCount == bytes.count)
            #expect(frame.byteCount == bytes.count)
            let isSigned = type == .welcome || type == .hello
            #expect(decoded.signedBody == (isSigned ? frame.body : []))
            #expect(try decoder.next() == nil)
            #expect(decoder.bufferedCount == 0)
        }
    }

    @Test func `a body that is cut anywhere, or longer by a byte, is malformed`() {
        // The last field of these takes all that is left, so another end is another frame.
        let openEnded: [FrameType] = [.brief, .batch, .ephemeral]
        for type in FrameType.allCases where !openEnded.contains(type) {
            var generator = SplitMix64(seed: 5)
            let body = generator.frame(of: type).body
            for count in 0..<body.count {
                #expect(throws: WireError.self, "\(type) cut to \(count)") {
                    try Frame(type: type, body: Array(body.prefix(count)))
                }
            }
            #expect(throws: WireError.trailingBytes(offset: body.count)) {
                try Frame(type: type, body: body + [0])
            }
        }
    }

    @Test func `bytes that come in any pieces give the same frames`() {
        forAll(count: 60) { generator in
            let frames = generator.array(count: 1...12) { $0.frame() }
            let bytes = frames.flatMap { $0.encode() }
            var decoder = FrameDecoder(limit: .full)
            var decoded: [Frame] = []
            var rest = bytes[...]
            let piece = generator.pick([1, 2, 7, 100, 5000])
            while !rest.isEmpty {
                let count = min(rest.count, generator.number(in: 1...piece))
                decoder.append(rest.prefix(count))
                rest = rest.dropFirst(count)
                while let next = try decoder.next() { decoded.append(next.frame) }
            }
            #expect(decoded == frames)
            #expect(decoder.bufferedCount == 0)
        }
    }

    @Test func `a large batch may come byte by byte`() throws {
        var generator = SplitMix64(seed: 1)
        let segment = generator.bytes(count: 50_000...50_000)
        let frame = Frame.batch(Batch(log: logNumbered(1), placements: [], segment: segment))
        var decoder = FrameDecoder(limit: .full)
        var decoded: Frame?
        for byte in frame.encode() {
            #expect(decoded == nil)
            decoder.append(CollectionOfOne(byte))
            decoded = try decoder.next()?.frame
        }
        #expect(decoded == frame)
    }

    @Test func `Y1: a frame of an unknown type is skipped, a critical one ends it`() throws {
        var decoder = FrameDecoder(limit: .full)
        decoder.append([4, 99, 1, 2, 3, 1, 0])
        decoder.append(Frame.ping(7).encode())
        #expect(try decoder.next()?.frame == .ping(7))
        // Its body is not waited for.
        decoder.append([200, 1, 99 | 0x80])
        #expect(throws: FrameError.unknownType(99)) { try decoder.next() }
        #expect(FrameError.unknownType(99).code == .unexpected)
        decoder.append(Frame.ping(8).encode())
        #expect(throws: FrameError.unknownType(99), "nothing comes after an error") {
            try decoder.next()
        }
    }

    @Test func `Y1: a known type with the other critical bit is malformed`() throws {
        for type in FrameType.allCases {
            var decoder = FrameDecoder(limit: .full)
            decoder.append([5, type.byte ^ FrameType.criticalBit])
            #expect(
                throws: FrameError.malformed(
                    .unknownValue(offset: 0, value: UInt64(type.byte ^ 0x80)))
            ) { try decoder.next() }
        }
    }

    @Test func `numbers that are not in their shortest form are malformed`() {
        var decoder = FrameDecoder(limit: .full)
        decoder.append([0x82, 0, 21 | 0x80, 7])
        #expect(throws: FrameError.malformed(.malformedVarint(offset: 0))) {
            try decoder.next()
        }
        #expect(throws: WireError.malformedVarint(offset: 0)) {
            try Frame(type: .ping, body: [0x87, 0])
        }
    }

    @Test func `a failure's reason is cut between letters`() {
        let failure = Failure(.failed, String(repeating: "å", count: 300))
        #expect(failure.reason.utf8.count == 512)
        let odd = Failure(.failed, "x" + String(repeating: "語", count: 300))
        #expect(odd.reason.utf8.count == 511)
    }
}
