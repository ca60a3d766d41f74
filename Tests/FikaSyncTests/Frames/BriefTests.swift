import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog
import FikaSync
import FikaTestSupport
import FikaWire
import Testing

@Suite struct BriefTests {
    private static let base: UInt64 = 1_790_000_000_000
    private static let year: UInt64 = 365 * 86_400_000
    private static let room = logNumbered(1)
    private static let personal = logNumbered(2)
    private static let writer = replicaNumbered(1)
    private static let author = replicaNumbered(2)

    /// Numbers below 128 for all, as in a workspace with so many rooms and writers in one.
    private static let names = {
        var names = NameTable()
        let replicas = [
            Names.ReplicaNumber(number: 126, replica: writer),
            Names.ReplicaNumber(number: 127, replica: author),
        ]
        let isTaken =
            names.learn(Names(log: room, number: 126, replicas: replicas))
            && names.learn(Names(log: personal, number: 127, replicas: replicas))
        precondition(isTaken, "nothing else was told")
        return names
    }()

    private static func op(
        _ kind: Kind, _ body: [UInt8], in log: LogID = room, target: Bool = true,
        salted: Bool = false, after milliseconds: UInt64 = year, counter: UInt16 = 0
    ) -> Op {
        Op(
            kind: kind, id: OpID(log: log, replica: writer, seq: 16_383),
            time: HybridTime(milliseconds: base + milliseconds, counter: counter),
            target: target ? Dot(replica: author, seq: 16_383) : nil,
            content: .body(body, salt: salted ? Salt(raw: .max) : nil))
    }

    /// Bytes on the wire without seal and salt.
    private static func byteCount(_ op: Op, acceptedAfter latency: UInt64) throws -> Int {
        let accepted = op.time.milliseconds + latency
        let brief = try #require(
            Brief(
                op, seal: try signature(), base: base, names: names, position: 1_000_000,
                acceptedAt: accepted))
        let (same, time) = try brief.op(base: base, names: names)
        #expect(same == op)
        #expect(time == accepted)
        let salt = brief.salt == nil ? 0 : Salt.byteCount
        return Frame.brief(brief).encode().count - Signature.byteCount - salt
    }

    private static func signature() throws -> Signature {
        try #require(Signature(bytes: [UInt8](repeating: 9, count: 64)))
    }

    @Test(arguments: [0, 1, 300, 30_000])
    func `a live op takes at most 24 bytes and its body`(bodyCount: Int) throws {
        let body = [UInt8](repeating: 0x61, count: bodyCount)
        for latency in [0, 20, 127, 2000, 16_000] as [UInt64] {
            for milliseconds in [0, 1, 86_400_000, Self.year] {
                for counter in [0, 1, 127] as [UInt16] {
                    let op = Self.op(
                        Kind(10), body, salted: true, after: milliseconds, counter: counter)
                    let count = try Self.byteCount(op, acceptedAfter: latency)
                    #expect(count <= 24 + bodyCount)
                }
            }
        }
    }

    @Test func `a reaction, a pin, a vote and a flag take at most 24 bytes in all`() throws {
        let flag = LogFlag(log: Self.room, name: .sticky, isOn: true).body
        let ops: [(String, Op)] = [
            ("reaction", Self.op(Kind(13), Reaction("👍", isOn: true).body)),
            ("pin", Self.op(Kind(14), [])),
            ("vote", Self.op(Kind(22), [1, 3, 1])),
            ("flag", Self.op(Kind(25), flag, in: Self.personal, target: false)),
        ]
        for (name, op) in ops {
            for latency in [0, 40, 2000, 16_000] as [UInt64] {
                let count = try Self.byteCount(op, acceptedAfter: latency)
                #expect(count <= 24, "\(name) after \(latency) ms: \(count) bytes")
            }
        }
    }

    @Test func `an op in brief comes back, from before the base too`() {
        forAll { generator in
            let times: [UInt64] = [0, 1, Self.base - 1, Self.base, Self.base + 5, 1 << 47 - 1]
            let time = generator.pick(times)
            let known = generator.bool()
            let writer = known ? Self.writer : replicaNumbered(200)
            let kind = generator.pick([10, 13, 24, 25, 0xFFFF] as [UInt16])
            let start = generator.pick([[], Self.room.bytes, logNumbered(9).bytes] as [[UInt8]])
            let op = Op(
                kind: Kind(kind),
                id: OpID(
                    log: known ? Self.room : logNumbered(9), replica: writer,
                    seq: generator.number(in: 1...Limits.seqMaximum)),
                time: HybridTime(milliseconds: time, counter: generator.number(in: 0...2)),
                target: generator.bool() ? Dot(replica: Self.author, seq: 1) : nil,
                content: .body(
                    start + generator.bytes(count: 0...20),
                    salt: generator.bool() ? Salt(raw: generator.next()) : nil))
            let accepted: UInt64 = generator.number(in: 0...(1 << 47 - 1))
            let brief = try #require(
                Brief(
                    op, seal: try Self.signature(), base: Self.base, names: Self.names,
                    acceptedAt: accepted))
            let sent = try Frame(type: .brief, body: Frame.brief(brief).body)
            #expect(sent == .brief(brief))
            let (same, sameAccepted) = try brief.op(base: Self.base, names: Self.names)
            #expect(same == op)
            #expect(sameAccepted == accepted)
        }
    }

    @Test func `Y4: an erased op and a re-homed one are not said in brief`() throws {
        let op = Self.op(Kind(10), [1, 0x61])
        var rehomed = op
        rehomed.origin = Origin(dot: Dot(replica: Self.author, seq: 1), bodyHash: op.bodyHash)
        for other in [op.erased(), rehomed] {
            #expect(
                Brief(other, seal: try Self.signature(), base: 0, names: Self.names) == nil)
        }
    }

    @Test func `Y3: a number that was never told is unexpected`() throws {
        let op = Self.op(Kind(25), Self.room.bytes + [1, 1], in: Self.personal, target: true)
        let brief = try #require(
            Brief(op, seal: try Self.signature(), base: Self.base, names: Self.names))
        #expect(brief.bodyLog == 126)
        var changed = [brief, brief, brief, brief]
        changed[0].log = .number(5)
        changed[1].replica = .number(5)
        changed[2].target?.replica = .number(5)
        changed[3].bodyLog = 5
        for brief in changed {
            #expect(throws: FrameError.unknownName(5)) {
                try brief.op(base: Self.base, names: Self.names)
            }
        }
        #expect(FrameError.unknownName(5).code == .unexpected)
    }

    @Test func `times that no clock shows are malformed`() throws {
        var brief = try #require(
            Brief(
                Self.op(Kind(10), []), seal: try Self.signature(), base: Self.base,
                names: Self.names))
        let most = Int64(HybridTime.millisecondsMaximum)
        let time = brief.time
        for (time, accepted) in [(-most, 0), (most, 0), (time, most), (time, -most)] {
            brief.time = time
            brief.acceptedAfter = accepted
            #expect(throws: FrameError.self) {
                try brief.op(base: Self.base, names: Self.names)
            }
        }
    }

    @Test func `Y3: a number is told for one thing only`() {
        var names = Self.names
        func told(_ log: LogID, _ number: UInt64, _ replicas: [(UInt64, ReplicaID)]) -> Bool {
            names.learn(
                Names(
                    log: log, number: number,
                    replicas: replicas.map { Names.ReplicaNumber(number: $0.0, replica: $0.1) }))
        }
        let again = told(Self.room, 126, [(126, Self.writer)])
        #expect(again)
        let otherLog = told(logNumbered(3), 126, [])
        #expect(!otherLog)
        let otherNumber = told(Self.room, 3, [])
        #expect(!otherNumber)
        let otherReplica = told(Self.room, 126, [(126, replicaNumbered(3))])
        #expect(!otherReplica)
    }

    @Test func `what a connection was told is told once`() {
        var told = ToldNames()
        func tell(_ log: UInt64, _ replicas: [UInt64]) -> [UInt64]? {
            told.tell(log: log, replicas: replicas)
        }
        let steps = [
            tell(1, []), tell(1, []), tell(1, [3, 2]), tell(1, [2]), tell(1, [4, 3]),
            tell(2, [2]),
        ]
        #expect(steps == [[], nil, [2, 3], nil, [4], [2]])
    }

    @Test func `an op said in brief is a sealed segment that verifies`() throws {
        var replica = TestReplica(seed: 4, log: Self.room)
        replica.write(upTo: 3)
        let known = replica.card
        for seq in 1...3 as ClosedRange<UInt64> {
            let sealed = SealedSegment(
                replica.ops[Int(seq) - 1],
                before: seq == 1 ? nil : replica.chains[Int(seq) - 1],
                seal: replica.seal(at: seq).signature)
            let received = try SealedSegment(bytes: sealed.bytes)
            let verified = try SegmentVerifier.verify(received, known: { _ in known })
            #expect(verified.segment.ops == [replica.ops[Int(seq) - 1]])
            #expect(verified.runs.map(\.end) == [replica.chains[Int(seq)]])
        }
    }
}
