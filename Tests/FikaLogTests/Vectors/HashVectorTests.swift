import FikaSimulation
import FikaCRDT
import FikaLog
import FikaTestSupport
import FikaWire
import Testing

/// The vectors of ids, hashes and signatures: `Specs/op.md` and `Specs/chain.md` say how.
@Suite struct HashVectorTests {
    private let emma = TestReplica(seed: 1, log: logNumbered(1))

    private func users(_ names: [String]) throws -> [UserID] {
        try names.map { try #require(UserID($0)) }
    }

    @Test func `ids are those of the vectors`() throws {
        var file = VectorFile(title: "Ids: Specs/op.md")
        let key = emma.key
        file.add("key") {
            $0.add("seed", Hexadecimal.text(key.seed))
            $0.add("public_key", key.publicKey)
        }
        let workspace = Hashes.workspaceID(publicKey: key.publicKey)
        file.add("workspace") {
            $0.add("public_key", key.publicKey)
            $0.add("id", workspace)
        }
        file.add("replica") {
            $0.add("public_key", key.publicKey)
            $0.add("incarnation", Hexadecimal.text(emma.introduction.incarnation.bytes))
            $0.add("id", emma.id)
        }
        let nonce = [UInt8](100..<116)
        file.add("room") {
            $0.add("public_key", key.publicKey)
            $0.add("nonce", Hexadecimal.text(nonce))
            $0.add("id", Hashes.roomLogID(creator: key.publicKey, nonce: nonce))
        }
        let cases: [(LogPreimage.Kind, [String])] = [
            (.privateChat, ["emma", "omid"]), (.privateChat, ["åsa"]), (.personal, ["emma"]),
            (.directory, []),
        ]
        for (kind, names) in cases {
            let preimage = LogPreimage(workspace: workspace, kind: kind, users: try users(names))
            var writer = ByteWriter()
            preimage.encode(to: &writer)
            file.add("derived log \(kind) \(names.joined(separator: " "))") {
                $0.add("workspace", workspace)
                $0.add("kind", kind.rawValue)
                for name in names { $0.add("user", Hexadecimal.text(name.utf8)) }
                $0.add("preimage", Hexadecimal.text(writer.bytes))
                $0.add("id", Hashes.derivedLogID(preimage))
            }
        }
        try file.expectRecorded(as: "ids.txt")
    }

    @Test func `B1: body hashes and canonical headers are those of the vectors`() throws {
        var file = VectorFile(title: "Body hashes and canonical headers: Specs/op.md")
        let bodies: [([UInt8], Salt?)] = [
            ([], nil), ([], Salt(raw: 0)), (Array("fika?".utf8), nil),
            (Array("fika?".utf8), Salt(raw: 0x0102_0304_0506_0708)),
            ([UInt8](repeating: 0xFF, count: 200), Salt(raw: .max)),
        ]
        for (body, salt) in bodies {
            file.add("body") {
                $0.add("body", Hexadecimal.text(body))
                if let salt { $0.add("salt", Self.text(salt)) }
                $0.add("hash", Hashes.body(body, salt: salt))
            }
        }
        let hash = Hashes.body([], salt: nil)
        let dot = Dot(replica: emma.id, seq: 7)
        let far = Dot(replica: replicaNumbered(2), seq: Limits.seqMaximum)
        let headers: [(Kind, Dot, HybridTime, Dot?, Origin?)] = [
            (.introduction, emma.dot(1), HybridTime(milliseconds: 1), nil, nil),
            (Kind(10), dot, HybridTime(milliseconds: 1 << 47 - 1, counter: .max), far, nil),
            (Kind(0xFFFF), far, .zero, nil, Origin(dot: dot, bodyHash: hash)),
            (
                Kind(11), dot, HybridTime(raw: 0x0102_0304_0506_0708), emma.dot(1),
                Origin(dot: far, bodyHash: hash)
            ),
        ]
        for (kind, dot, time, target, origin) in headers {
            let header = CanonicalHeader(
                kind: kind, log: emma.log, dot: dot, time: time, target: target, origin: origin,
                bodyHash: hash)
            file.add("header") {
                $0.add("kind", kind.number)
                $0.add("log", emma.log)
                $0.add("dot", dot)
                $0.add("time", time.raw)
                if let target { $0.add("target", target) }
                if let origin { $0.add("origin", "\(origin.dot) \(origin.bodyHash)") }
                $0.add("body_hash", hash)
                $0.add("header", Hexadecimal.text(header.bytes))
                $0.add("hash", header.hash)
            }
        }
        try file.expectRecorded(as: "ops.txt")
    }

    @Test func `S1, S2: chain values, seal texts and signatures are those of the vectors`() throws {
        var replica = emma
        replica.write(upTo: 4)
        var file = VectorFile(title: "Chain values and seals: Specs/chain.md")
        file.add("start") {
            $0.add("log", replica.log)
            $0.add("replica", replica.id)
            $0.add("chain", replica.chains[0])
        }
        for op in replica.ops {
            let seq = op.id.dot.seq
            let chain = replica.chains[Int(seq)]
            let text = Seal.text(log: replica.log, replica: replica.id, seq: seq, chain: chain)
            file.add("seal") {
                $0.add("seed", Hexadecimal.text(replica.key.seed))
                $0.add("log", replica.log)
                $0.add("dot", op.id.dot)
                $0.add("before", replica.chains[Int(seq) - 1])
                $0.add("op_hash", op.hash)
                $0.add("chain", chain)
                $0.add("text", Hexadecimal.text(text))
                $0.add("signature", Hexadecimal.text(replica.seal(at: seq).signature.bytes))
            }
        }
        try file.expectRecorded(as: "chains.txt")
    }

    private static func text(_ salt: Salt) -> String {
        var bytes: [UInt8] = []
        salt.append(to: &bytes)
        return Hexadecimal.text(bytes)
    }
}
