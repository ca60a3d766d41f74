import FikaSimulation
import FikaCRDT
import FikaTestSupport
import Testing

@Suite struct IdentityTests {
    @Test func `an identifier is its 16 bytes and its 32 digits`() throws {
        let bytes = Array(UInt8(0xF0)...0xFF)
        let id = try #require(LogID(bytes: bytes))
        #expect(id.bytes == bytes)
        #expect(id.high == 0xF0F1_F2F3_F4F5_F6F7)
        #expect(id.low == 0xF8F9_FAFB_FCFD_FEFF)
        #expect("\(id)" == "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
        #expect(LogID("F0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF") == id)
    }

    @Test func `an identifier has neither more nor fewer bytes or digits`() {
        for count in 0...40 where count != 16 {
            #expect(ReplicaID(bytes: [UInt8](repeating: 1, count: count)) == nil)
        }
        for count in 0...70 where count != 32 {
            #expect(ReplicaID(String(repeating: "a", count: count)) == nil)
        }
        let rest = String(repeating: "0", count: 31)
        for digit in ["g", " ", "-", "+", "/", ":", "@", "`", "G", "\u{0}", "é", "１"] {
            #expect(ReplicaID(rest + digit) == nil)
            #expect(ReplicaID(digit + rest) == nil)
        }
    }

    @Test func `identifiers round-trip and order as their bytes do`() throws {
        try #require(LogID.byteCount == 16)
        forAll(count: 500) { generator in
            let (left, right) = (generator.bytes(count: 16...16), generator.bytes(count: 16...16))
            let a = try #require(ReplicaID(bytes: left))
            let b = try #require(ReplicaID(bytes: right))
            #expect(a.bytes == left)
            #expect(ReplicaID("\(a)") == a)
            #expect((a < b) == left.lexicographicallyPrecedes(right))
            let twin = ReplicaID(high: a.high, low: b.low)
            #expect((a < twin) == (a.low < twin.low))
        }
    }

    @Test func `hexadecimal gives back every byte`() {
        let all = Array(UInt8.min...UInt8.max)
        #expect(Hexadecimal.bytes(Hexadecimal.text(all)) == all)
        #expect(Hexadecimal.bytes("") == [])
        #expect(Hexadecimal.bytes("0") == nil)
        #expect(Hexadecimal.bytes("0x") == nil)
        #expect(Hexadecimal.bytes("aA") == [0xAA])
    }

    @Test func `an op id is read only as it is written`() throws {
        let log = String(repeating: "a", count: 32)
        let replica = String(repeating: "b", count: 32)
        let id = try #require(OpID("\(log)/\(replica):7"))
        #expect(id == OpID(log: try #require(LogID(log)), dot: id.dot))
        #expect(id.dot.seq == 7)
        #expect("\(id)" == "\(log)/\(replica):7")
        #expect(OpID("\(log)/\(replica):\(UInt64.max)")?.dot.seq == .max)
        let wrong = [
            "", "/", ":", "\(log)", "\(log)/\(replica)", "\(log)/\(replica):",
            "\(log)/\(replica):0", "\(log)/\(replica):-1", "\(log)/\(replica):+1",
            "\(log)/\(replica):01", "\(log)/\(replica): 1", "\(log)/\(replica):1 ",
            "\(log)/\(replica):18446744073709551616", "\(log)/\(replica):1:1",
            "\(log)/\(replica)/1:1", "\(log):\(replica)/1", "/\(replica):1", "\(log)/:1",
            "\(log)/\(replica):١", " \(log)/\(replica):1", "\(log)\u{301}/\(replica):1",
            "\(log)/\(replica):\u{301}1", "\(log)/\(replica):1\u{301}",
        ]
        for text in wrong { #expect(OpID(text) == nil, "\(text)") }
    }

    @Test func `dots order by replica, then by seq`() {
        let rising = [
            Dot(replica: replicaNumbered(1), seq: 2), Dot(replica: replicaNumbered(1), seq: .max),
            Dot(replica: replicaNumbered(2), seq: 1),
        ]
        #expect(permutations(rising).allSatisfy { $0.sorted() == rising })
        #expect("\(rising[0])" == "\(rising[0].replica):2")
    }
}
