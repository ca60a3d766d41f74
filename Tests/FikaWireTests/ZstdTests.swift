import FikaSimulation
import FikaTestSupport
import FikaWire
import Testing

@Suite struct ZstdTests {
    private func decompress(_ frame: [UInt8], count: Int) throws(WireError) -> [UInt8] {
        try Zstd.decompress(frame, count: count, offset: 3)
    }

    /// Bytes that compress well, a little, or not at all.
    private static func content(_ generator: inout SplitMix64) -> [UInt8] {
        switch generator.number(in: 0..<4) {
        case 0: generator.bytes(count: 0...300)
        case 1: Array(generator.text(count: 0...300).utf8)
        case 2: [UInt8](repeating: 7, count: generator.number(in: 0...200_000))
        default: Array(repeatElement(generator.bytes(count: 1...40), count: 30).joined())
        }
    }

    @Test func `what was compressed comes back, at every level`() {
        forAll(count: 200) { generator in
            let bytes = Self.content(&generator)
            let frame = Zstd.compress(bytes, level: generator.number(in: Int32(1)...9))
            let back = try decompress(frame, count: bytes.count)
            #expect(back == bytes)
        }
        #expect(throws: Never.self) { try decompress(Zstd.compress([]), count: 0) }
    }

    @Test func `a frame of another length than announced is refused`() {
        let bytes = Array(repeatElement(UInt8(5), count: 1000))
        let frame = Zstd.compress(bytes)
        for count in [0, 1, 999, 1001, 1 << 40, Int.max, -1, Int.min] {
            #expect(throws: WireError.malformedCompression(offset: 3)) {
                try decompress(frame, count: count)
            }
        }
    }

    @Test func `a frame that lies about its length is refused before anything is allocated`() {
        var frame = Zstd.compress([UInt8](repeating: 5, count: 100_000))
        // Magic number, descriptor of a single segment with four bytes of length.
        #expect(frame[4] == 0b1010_0100)
        frame[4] = 0b1110_0100
        frame.replaceSubrange(5..<9, with: [0, 0, 0, 0, 0, 0, 0, 0x40])
        #expect(throws: WireError.malformedCompression(offset: 3)) {
            try decompress(frame, count: 100_000)
        }
        // The caller's limit holds for the count; a count that nobody could mean stays harmless.
        #expect(throws: WireError.malformedCompression(offset: 3)) {
            try decompress(frame, count: .max)
        }
    }

    @Test func `every truncation and any byte more is refused`() {
        let bytes = Array("Kanelbullar eller semlor? Kanelbullar!".utf8)
        let frame = Zstd.compress(bytes)
        for cut in frame.indices {
            #expect(throws: WireError.malformedCompression(offset: 3)) {
                try decompress(Array(frame[..<cut]), count: bytes.count)
            }
        }
        let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 9]
        for more in [[0], frame, Zstd.compress([]), skippable] {
            #expect(throws: WireError.malformedCompression(offset: 3)) {
                try decompress(frame + more, count: bytes.count)
            }
            #expect(throws: WireError.malformedCompression(offset: 3)) {
                try decompress(more + frame, count: bytes.count)
            }
        }
        #expect(throws: WireError.malformedCompression(offset: 3)) {
            try decompress(skippable, count: 0)
        }
    }

    @Test func `a frame without checksum, or with an unused bit set, is refused`() {
        let bytes = [UInt8](repeating: 5, count: 100)
        let frame = Zstd.compress(bytes)
        var unchecked = Array(frame.dropLast(4))
        unchecked[4] &= 0b1111_1011
        #expect(throws: WireError.malformedCompression(offset: 3)) {
            try decompress(unchecked, count: bytes.count)
        }
        for bit in 0..<8 {
            var other = frame
            other[4] ^= 1 << UInt8(bit)
            #expect(throws: WireError.malformedCompression(offset: 3), "bit \(bit)") {
                try decompress(other, count: bytes.count)
            }
        }
    }

    @Test func `20,000 damaged frames give the same bytes or an error`() {
        var sources = SplitMix64(seed: 9)
        let frames = (0..<40).map { _ in
            let bytes = Array(Self.content(&sources).prefix(4000))
            return (bytes: bytes, frame: Zstd.compress(bytes))
        }
        forAll(count: 20_000) { generator in
            let (bytes, frame) = generator.pick(frames)
            let damaged = generator.damaged(frame)
            do {
                let result = try decompress(damaged, count: bytes.count)
                #expect(result == bytes)
            } catch WireError.malformedCompression(let offset) {
                #expect(offset == 3)
            }
        }
    }
}
