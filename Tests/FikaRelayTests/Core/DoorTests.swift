import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaRelay
import FikaSync
import FikaTestSupport
import Testing

@Suite struct DoorTests {
    /// Emma's room with Omid in it, both connected, and what was said so far heard.
    private struct Room {
        var stage: RelayStage
        var emma: TestReplica
        var omid: TestReplica
        var grant: Op
        var emmas: ConnectionID
        var omids: ConnectionID

        init() throws {
            stage = try RelayStage()
            emma = TestReplica.founder()
            grant = try emma.grant("omid")
            omid = TestReplica(seed: 12, log: emma.log, user: "omid", deviceName: "phone")
            emmas = try stage.join("emma")
            omids = try stage.join("omid")
            try stage.upload(emma.handOver(), from: emmas)
            try stage.upload(omid.handOver(), from: omids)
            _ = stage.hear(emmas)
            _ = stage.hear(omids)
        }
    }

    @Test func `U1: a room is made, and whoever is granted gets it from its start`() throws {
        var stage = try RelayStage()
        var emma = TestReplica.founder()
        try emma.grant("omid")
        let emmas = try stage.join("emma")
        let omids = try stage.join("omid")
        _ = (stage.hear(emmas), stage.hear(omids))
        try stage.upload(emma.handOver(), from: emmas)
        #expect(stage.transcript(emmas) == "placed(3)")
        #expect(stage.transcript(omids) == "follows(0...3) batch(3) synced")
    }

    @Test func `D4: a live op is brief to the others and placed to its author`() throws {
        var room = try Room()
        room.emma.write("hej")
        try room.stage.upload(room.emma.handOver(), from: room.emmas)
        #expect(room.stage.transcript(room.emmas) == "placed(1)")
        #expect(room.stage.transcript(room.omids) == "names brief")
        room.emma.write("igen")
        try room.stage.upload(room.emma.handOver(), from: room.emmas)
        #expect(room.stage.transcript(room.omids) == "brief")
    }

    @Test func `D4: all others get the same bytes in one buffer`() throws {
        var room = try Room()
        let second = try room.stage.join("omid", seed: 6)
        room.emma.write(upTo: room.emma.last + 2)
        try room.stage.upload(room.emma.handOver(), from: room.emmas)
        let broadcasts = room.stage.lastActions.compactMap { action in
            if case .broadcast(_, let ids) = action { ids } else { nil }
        }
        #expect(broadcasts == [[room.omids, second]])
    }

    @Test func `U2: a repeated run is acknowledged again and changes nothing`() throws {
        var room = try Room()
        room.emma.write("hej")
        let segments = room.emma.handOver()
        try room.stage.upload(segments, from: room.emmas)
        _ = (room.stage.hear(room.emmas), room.stage.hear(room.omids))
        let before = LogDumpPair(room.stage.core.storage)
        try room.stage.upload(segments, from: room.emmas)
        #expect(room.stage.transcript(room.emmas) == "placed(1)")
        #expect(room.stage.transcript(room.omids).isEmpty)
        #expect(LogDumpPair(room.stage.core.storage) == before)
    }

    @Test func `U3: a missing predecessor is asked for`() throws {
        var room = try Room()
        room.emma.write("one")
        _ = room.emma.handOver()
        room.emma.write("two")
        try room.stage.upload(room.emma.handOver(), from: room.emmas)
        let heard = room.stage.hear(room.emmas)
        #expect(
            heard == [
                .refusal(
                    Refusal(
                        log: room.emma.log, replica: room.emma.id, seq: 4, action: .missing,
                        accepted: 3))
            ])
    }

    @Test func `U4: who does not make a log waits until somebody else has brought it`() throws {
        var stage = try RelayStage()
        var emma = TestReplica.founder()
        try emma.grant("omid")
        let omid = TestReplica(seed: 12, log: emma.log, user: "omid")
        let omids = try stage.join("omid")
        let emmas = try stage.join("emma")
        _ = (stage.hear(omids), stage.hear(emmas))
        for _ in 0..<2 {
            try stage.upload(omid.segments, from: omids)
            #expect(stage.transcript(omids) == "refusal(wait unknownLog)")
        }
        try stage.upload(emma.handOver(), from: emmas)
        #expect(stage.transcript(omids) == "follows(0...3) batch(3) synced")
        try stage.upload(omid.segments, from: omids)
        #expect(stage.transcript(omids).contains("placed(1)"))
    }

    @Test func `U4: a stranger's ops are refused without a close`() throws {
        var room = try Room()
        let eva = TestReplica(seed: 13, log: room.emma.log, user: "eva")
        let evas = try room.stage.join("eva")
        _ = room.stage.hear(evas)
        let before = LogDumpPair(room.stage.core.storage)
        try room.stage.upload(eva.segments, from: evas)
        #expect(room.stage.transcript(evas) == "refusal(refused notMember)")
        #expect(room.stage.clients[evas]?.isClosed == false)
        #expect(LogDumpPair(room.stage.core.storage) == before)
    }

    @Test func `A stranger cannot hand in what a member wrote`() throws {
        var room = try Room()
        room.emma.write("leaked")
        let evas = try room.stage.join("eva")
        _ = room.stage.hear(evas)
        try room.stage.upload(room.emma.handOver(), from: evas)
        #expect(room.stage.transcript(evas) == "refusal(refused notMember)")
        #expect(room.stage.transcript(room.omids).isEmpty)
    }

    @Test func `U3: a stamp five minutes ahead is taken, one above it closes the replica`() throws {
        var room = try Room()
        let now = room.stage.now
        let kind = Kind(10)
        let body = MessageBody(text: "hej").body
        room.emma.write(
            kind, body: body, salt: Salt(raw: 1),
            time: HybridTime(milliseconds: now + 300_000, counter: 7))
        try room.stage.upload(room.emma.handOver(), from: room.emmas)
        #expect(room.stage.transcript(room.emmas) == "placed(1)")
        room.emma.write(
            kind, body: body, salt: Salt(raw: 2),
            time: HybridTime(milliseconds: now + 300_002, counter: 0))
        try room.stage.upload(room.emma.handOver(), from: room.emmas)
        #expect(room.stage.transcript(room.emmas) == "batch(2) refusal(closed clockAhead)")
        #expect(room.stage.transcript(room.omids) == "names brief batch(2)")
    }

    @Test func `U3: ops before the first refused one are accepted`() throws {
        var room = try Room()
        room.emma.write("fine")
        room.emma.write(
            Kind(10), body: MessageBody(text: "ahead").body, salt: Salt(raw: 1),
            time: HybridTime(milliseconds: room.stage.now + 400_000))
        room.emma.write("after")
        try room.stage.upload(room.emma.handOver(), from: room.emmas)
        #expect(
            room.stage.transcript(room.emmas) == "placed(1) batch(2) refusal(closed clockAhead)")
        let last = try #require(
            room.stage.core.storage.accepted(of: room.emma.id, in: room.emma.log))
        #expect(last.last == 4 && last.closedAt == 4)
    }

    @Test func `U5: of two branches the accepted one stands, and the replica is closed`() throws {
        var room = try Room()
        var clone = room.emma
        room.emma.write("mine")
        clone.write("the clone's")
        try room.stage.upload(room.emma.handOver(), from: room.emmas)
        _ = (room.stage.hear(room.emmas), room.stage.hear(room.omids))
        try room.stage.upload(clone.handOver(), from: room.emmas)
        #expect(room.stage.transcript(room.emmas) == "batch(2) refusal(closed forked)")
        #expect(room.stage.transcript(room.omids) == "batch(2)")
    }

    @Test func `U4: ops that do not verify end the connection, and nothing is stored`() throws {
        var room = try Room()
        let before = LogDumpPair(room.stage.core.storage)
        room.emma.write("one")
        let fine = room.emma.handOver()
        room.emma.write("two")
        let forged = try #require(room.emma.handOver().first)
        let seal = try #require(forged.proofs[0].seals.last)
        var bytes = seal.signature.bytes
        bytes[3] ^= 1
        let proof = RunProof(
            before: forged.proofs[0].before,
            seals: [Seal(seq: seal.seq, signature: try #require(Signature(bytes: bytes)))])
        try room.stage.upload(fine + [forged.with(proofs: [proof])], from: room.emmas)
        #expect(room.stage.transcript(room.emmas) == "failure(badOps)")
        #expect(room.stage.clients[room.emmas]?.isClosed == true)
        #expect(room.stage.transcript(room.omids).isEmpty)
        #expect(LogDumpPair(room.stage.core.storage) == before)
    }

    @Test func `U6: whoever is removed hears why, and can write nothing at an old time`()
        throws
    {
        var room = try Room()
        room.emma.revoke(room.grant)
        try room.stage.upload(room.emma.handOver(), from: room.emmas)
        #expect(room.stage.transcript(room.emmas) == "placed(1) batch(2)")
        // Create, grant, revoke; the close of the own replica.
        #expect(room.stage.transcript(room.omids) == "ended(0...5) batch(4)")
        room.omid.write("backdated")
        try room.stage.upload(room.omid.handOver(), from: room.omids)
        #expect(
            room.stage.transcript(room.omids) == "refusal(closed removed) ended(0...5) batch(4)")
        #expect(room.stage.clients[room.omids]?.isClosed == false)
        #expect(room.stage.transcript(room.emmas).isEmpty)
    }

    @Test func `R7: whoever brings again what was taken, and is out since, is told so`() throws {
        var room = try Room()
        room.omid.write("the answer to this got lost")
        let lost = room.omid.handOver()
        try room.stage.upload(lost, from: room.omids)
        room.emma.revoke(room.grant)
        try room.stage.upload(room.emma.handOver(), from: room.emmas)
        // Without a cursor, for it knows of no position.
        let phone = try room.stage.join("omid")
        _ = room.stage.hear(phone)
        try room.stage.upload(lost, from: phone)
        #expect(room.stage.transcript(phone) == "placed(1) ended(0...6) batch(4)")
    }

    @Test func `R7: whoever is out is shown the close of a replica that still wrote`() throws {
        var stage = try RelayStage()
        var emma = TestReplica.founder()
        let emmas = try stage.join("emma")
        emma.write(ChatKind.leave.kind, body: [])
        try stage.upload(emma.handOver(), from: emmas)
        // Whoever was last in may let somebody in, and is not in by that.
        var second = TestReplica(seed: 12, log: emma.log, user: "emma")
        try second.grant("omid")
        try stage.upload(second.handOver(), from: emmas)
        _ = stage.hear(emmas)
        second.write("and I?")
        try stage.upload(second.handOver(), from: emmas)
        let heard = stage.hear(emmas)
        // Create and leave; the closes of both replicas.
        #expect(heard.map(\.word) == ["refusal(closed notMember)", "ended(0...3)", "batch(4)"])
        let end = heard.compactMap { frame -> Segment? in
            guard case .batch(let batch) = frame else { return nil }
            return try? SealedSegment(bytes: batch.segment).segment
        }
        #expect(end.first?.rows.count { $0.kind == .close } == 2)
    }

    @Test func `One bad connection does not keep the others of its turn back`() throws {
        var room = try Room()
        room.emma.write("hej")
        let batch = try #require(room.emma.handOver().first)
        let bad = DecodedFrame(frame: .synced(1), byteCount: 10)
        let good = DecodedFrame(
            frame: .batch(Batch(log: room.emma.log, placements: [], segment: batch.bytes)),
            byteCount: 400)
        let input = [(room.omids, [bad]), (room.emmas, [good])]
        try room.stage.carryOut(room.stage.core.received(input, now: room.stage.now))
        #expect(room.stage.transcript(room.omids) == "failure(unexpected)")
        #expect(room.stage.transcript(room.emmas) == "placed(1)")
    }

    @Test func `Another workspace's log can be neither read nor written`() throws {
        var room = try Room()
        let other = WorkspaceID(high: 2, low: 2)
        let spy = try room.stage.join("emma", workspace: other)
        #expect(room.stage.transcript(spy) == "welcome ready(equal) synced")
        room.emma.write("across")
        try room.stage.upload(room.emma.handOver(), from: spy)
        #expect(room.stage.transcript(spy) == "refusal(refused notMember)")
        var founder = TestReplica.founder(seed: 31)
        try room.stage.upload(founder.handOver(), from: spy)
        #expect(room.stage.core.storage.order(of: founder.log) == nil)
    }
}

/// A relay's whole log, for comparing.
struct LogDumpPair: Hashable {
    let dump: LogDump?
    let orders: [LogOrder]

    init(_ log: MemoryRelayLog) {
        dump = try? LogDump(of: log)
        orders = log.orders()
    }
}
