import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaSync
import FikaTestSupport
import Testing

/// Ops that are none of their author's, or of nobody who may write them.
@Suite(.timeLimit(.minutes(2)), .serialized) struct HostileOpsTests {
    @Test func `U4: a seal that does not hold ends the connection with all that came with it`()
        async throws
    {
        let served = try await ServedRoom()
        try await served.withstand { served in
            var replica = TestReplica(seed: 9, log: served.room, user: "emma")
            let good = replica.handOver()
            replica.write("forged")
            let forged = try #require(replica.handOver().first)
            let seal = try #require(forged.proofs[0].seals.last)
            var bytes = seal.signature.bytes
            bytes[3] ^= 1
            let signature = try #require(Signature(bytes: bytes))
            let proof = RunProof(
                before: forged.proofs[0].before, seals: [Seal(seq: seal.seq, signature: signature)])
            let client = try await served.connect()
            try await client.join("emma", in: served.workspace)
            await client.upload(good + [forged.with(proofs: [proof])])
            #expect(try await client.lastWord() == .badOps)
        }
        await served.close()
    }

    @Test func `U4: an introduction with somebody else's key or name is none`() async throws {
        let served = try await ServedRoom()
        try await served.withstand { served in
            let mine = TestReplica(seed: 9, log: served.room, user: "eva")
            let other = TestReplica(seed: 10, log: served.room, user: "emma")
            let claim = Op(
                kind: .introduction, id: OpID(log: served.room, dot: mine.dot(1)),
                time: mine.ops[0].time, target: nil, origin: nil,
                content: .body(other.introduction.body, salt: nil))
            let client = try await served.connect()
            try await client.join("eva", in: served.workspace)
            await client.upload(Sealer.seal([claim], after: mine.chains[0], key: mine.key))
            #expect(try await client.lastWord() == .badOps)
        }
        await served.close()
    }

    @Test func `U4: who is no member has its ops refused, its own and others'`() async throws {
        let served = try await ServedRoom()
        try await served.withstand { served in
            let eva = TestReplica(seed: 13, log: served.room, user: "eva")
            let emma = TestReplica(seed: 14, log: served.room, user: "emma")
            let client = try await served.connect()
            try await client.join("eva", in: served.workspace)
            for replica in [eva, emma] {
                await client.upload(replica.segments)
                guard case .refusal(let refusal) = try await client.verdict() else {
                    Issue.record("no refusal")
                    return
                }
                #expect(refusal.action == .refused)
                #expect(refusal.reason == CloseReason.notMember.rawValue)
                #expect(refusal.replica == replica.id)
            }
            await client.close()
        }
        await served.close()
    }

    @Test func `D7: who is no member is told nothing of a room`() async throws {
        let served = try await ServedRoom()
        try await served.withstand { served in
            let client = try await served.connect()
            try await client.join("eva", in: served.workspace)
            await client.send(
                .positions(PositionsRequest(request: 3, log: served.room, positions: 1...3)))
            var heard: [Frame] = []
            while let frame = try await client.next() {
                heard.append(frame)
                if case .done = frame { break }
            }
            #expect(heard.last == .done(3))
            for frame in heard {
                switch frame {
                case .brief, .batch, .placed, .names, .head, .haves:
                    Issue.record("\(frame.type) tells of the room")
                case .welcome, .hello, .ready, .failure, .cursors, .status, .refusal, .credit,
                    .page, .want, .positions, .done, .synced, .ephemeral, .ping, .pong, .goodbye:
                    continue
                }
            }
            await client.close()
        }
        await served.close()
    }

    @Test func `D6: ops beyond the credit end the connection`() async throws {
        let served = try await ServedRoom(uplinkCredit: 512 << 10)
        try await served.withstand { served in
            var generator = SplitMix64(seed: 15)
            var eva = TestReplica(seed: 13, log: served.room, user: "eva")
            for _ in 1...12 {
                let body = (0..<60_000).map { _ in
                    UInt8.random(in: .min ... .max, using: &generator)
                }
                eva.write(Kind(10), body: body, salt: Salt(raw: 1))
            }
            let large = try #require(eva.segments.first)
            let small = TestReplica(seed: 14, log: served.room, user: "eva").segments
            #expect(large.bytes.count > 512 << 10)
            let client = try await served.connect()
            try await client.join("eva", in: served.workspace)
            // More than the credit in one frame is its last; what comes with it has none.
            for _ in 1...3 { await client.upload([large] + small) }
            #expect(try await client.lastWord() == .unexpected)
        }
        await served.close()
    }

    @Test func `U5: of two branches the accepted one stands`() async throws {
        let served = try await ServedRoom()
        var replica = TestReplica(seed: 9, log: served.room, user: "emma")
        let client = try await served.connect()
        try await client.join("emma", in: served.workspace, seed: 9)
        await client.upload(replica.handOver())
        var clone = replica
        replica.write("mine")
        clone.write("the clone's")
        await client.upload(replica.handOver())
        await client.upload(clone.handOver())
        guard case .refusal(let refusal) = try await client.verdict() else {
            Issue.record("no refusal")
            return
        }
        #expect(refusal.action == .closed)
        #expect(refusal.reason == CloseReason.forked.rawValue)
        #expect(refusal.accepted == 2)
        // What is there now stays, whatever else of either branch comes.
        try await served.withstand { _ in
            clone.write("again")
            await client.upload(clone.handOver())
            let verdict = try await client.verdict()
            #expect(verdict != nil)
        }
        await client.close()
        await served.close()
    }
}
