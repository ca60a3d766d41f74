import FikaCRDT
import FikaLog
import FikaTestSupport
import Testing

@Suite struct OpTests {
    private let id = OpID(
        log: LogID(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10),
        replica: ReplicaID(high: 0x1112_1314_1516_1718, low: 0x191A_1B1C_1D1E_1F20), seq: 0x2122)
    private let time = HybridTime(milliseconds: 0x3132_3334_3536, counter: 0x4142)

    @Test func `B1: the canonical header of a plain op is exactly these bytes`() {
        let op = Op(kind: Kind(0x5152), id: id, time: time, content: .body([1, 2], salt: nil))
        let header = CanonicalHeader(
            kind: op.kind, log: id.log, dot: id.dot, time: time, target: nil, origin: nil,
            bodyHash: op.bodyHash)
        let expected =
            Array("fika:op1".utf8) + [0x51, 0x52, 0] + Array(1...0x20) + [0, 0, 0, 0, 0, 0]
            + [0x21, 0x22, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x41, 0x42] + op.bodyHash.bytes
        #expect(header.bytes == expected)
        #expect(header.hash == Hashes.digest(expected))
        #expect(op.hash == header.hash)
    }

    @Test func `B1: target and origin stand before the body's hash, flagged`() throws {
        let target = Dot(replica: ReplicaID(high: 1, low: 2), seq: 3)
        let hash = try #require(Digest(bytes: Array(repeating: 0xAA, count: 32)))
        let origin = Origin(dot: Dot(replica: ReplicaID(high: 4, low: 5), seq: 6), bodyHash: hash)
        let header = CanonicalHeader(
            kind: Kind(10), log: id.log, dot: id.dot, time: time, target: target, origin: origin,
            bodyHash: hash)
        #expect(header.bytes.count == 8 + 3 + 16 + 24 + 8 + 24 + 24 + 32 + 32)
        #expect(header.bytes[10] == 3)
        #expect(
            Array(header.bytes[59..<83]) == [
                0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3,
            ])
        #expect(
            Array(header.bytes[83..<107]) == [
                0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 6,
            ])
        #expect(header.bytes.suffix(64) == hash.bytes + hash.bytes)
    }

    @Test func `S1: a body's hash covers its salt, and no salt is no salt of zeros`() {
        let salted = Hashes.body([7], salt: Salt(raw: 0x0102_0304_0506_0708))
        let text = Array("fika:bd1".utf8) + [8, 1, 2, 3, 4, 5, 6, 7, 8, 7]
        #expect(salted == Hashes.digest(text))
        #expect(Hashes.body([7], salt: nil) == Hashes.digest(Array("fika:bd1".utf8) + [0, 7]))
        #expect(Hashes.body([7], salt: Salt(raw: 0)) != Hashes.body([7], salt: nil))
    }

    @Test func `S1: every hash has a domain of its own, of eight bytes`() {
        #expect(HashDomain.allCases.allSatisfy { $0.prefix.count == 8 })
        #expect(Set(HashDomain.allCases.map(\.word)).count == HashDomain.allCases.count)
        #expect(HashDomain.op.word == 0x6669_6B61_3A6F_7031)
    }

    @Test func `S1: each field of an op changes its hash`() throws {
        let hash = Hashes.digest([])
        let dot = Dot(replica: ReplicaID(high: 1, low: 2), seq: 3)
        let op = Op(kind: Kind(10), id: id, time: time, content: .body([1], salt: Salt(raw: 1)))
        var others: [Op] = []
        func other(_ change: (inout Op) -> Void) {
            var copy = op
            change(&copy)
            others.append(copy)
        }
        other { $0.kind = Kind(11) }
        other { $0.id = OpID(log: LogID(high: 1, low: 1), dot: id.dot) }
        other { $0.id = OpID(log: id.log, replica: dot.replica, seq: id.dot.seq) }
        other { $0.id = OpID(log: id.log, replica: id.dot.replica, seq: 1) }
        other { $0.time = HybridTime(milliseconds: 1) }
        other { $0.target = dot }
        other { $0.origin = Origin(dot: dot, bodyHash: hash) }
        other { $0.content = .body([2], salt: Salt(raw: 1)) }
        other { $0.content = .body([1], salt: Salt(raw: 2)) }
        other { $0.content = .body([1], salt: nil) }
        #expect(Set(others.map(\.hash) + [op.hash]).count == others.count + 1)
        #expect(op.erased(residue: [9]).hash == op.hash, "E2: erasing keeps the hash")
    }

    @Test func `O3: an emptied op is a void with neither body nor target`() throws {
        var replica = TestReplica(seed: 1, log: logNumbered(1))
        replica.write(.void, body: [])
        replica.write("after")
        let ops = try replica.segment(1...3).verified().segment.ops
        #expect(ops[1].kind == .void)
        #expect(ops[1].body == [])
        #expect(ops[1].target == nil)
    }

    @Test func `digests are made of 32 bytes and give them back`() throws {
        let bytes = Array(UInt8(1)...32)
        let digest = try #require(Digest(bytes: bytes))
        #expect(digest.bytes == bytes)
        #expect(digest.description == Hexadecimal.text(bytes))
        #expect(Digest(bytes: bytes.dropLast()) == nil)
        #expect(Digest(bytes: bytes + [0]) == nil)
        #expect(Set([digest, Hashes.digest([])]).count == 2)
    }
}
