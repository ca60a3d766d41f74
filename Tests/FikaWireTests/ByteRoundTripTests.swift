import FikaSimulation
import FikaTestSupport
import FikaWire
import Testing

@Suite struct ByteRoundTripTests {
    @Test func `what was written is read back`() {
        forAll(count: 500) { generator in
            let tokens = generator.array(count: 0...20, of: Token.draw)
            let bytes = Token.write(tokens)
            let read = try Token.read(bytes, like: tokens)
            #expect(read == tokens)
        }
    }

    @Test func `every truncation is an error at or before the cut`() {
        forAll(count: 200) { generator in
            let tokens = generator.array(count: 1...8, of: Token.draw)
            let bytes = Token.write(tokens)
            for cut in bytes.indices {
                do {
                    _ = try Token.read(Array(bytes[..<cut]), like: tokens)
                    Issue.record("\(cut) of \(bytes.count) bytes are enough")
                } catch WireError.truncated(let offset) {
                    #expect(offset <= cut)
                }
            }
        }
    }

    @Test func `a byte too many is named`() {
        forAll(count: 100) { generator in
            let tokens = generator.array(count: 0...8, of: Token.draw)
            let bytes = Token.write(tokens)
            #expect(throws: WireError.trailingBytes(offset: bytes.count)) {
                try Token.read(bytes + [0], like: tokens)
            }
        }
    }

    @Test func `damaged bytes are read as other tokens or refused, and never trap`() {
        forAll(count: 20_000) { generator in
            let tokens = generator.array(count: 1...6, of: Token.draw)
            let bytes = generator.damaged(Token.write(tokens))
            if let other = try? Token.read(bytes, like: tokens) {
                #expect(Token.write(other) == bytes, "read from another form than the written one")
            }
        }
    }

    @Test func `garbage is read or refused, and never traps`() {
        forAll(seed: 77, count: 5000) { generator in
            let tokens = generator.array(count: 1...6, of: Token.draw)
            let bytes = generator.bytes(count: 0...40)
            if let read = try? Token.read(bytes, like: tokens) {
                #expect(Token.write(read) == bytes)
            }
        }
    }
}
