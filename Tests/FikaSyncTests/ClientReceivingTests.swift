import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaSync
import FikaTestSupport
import Testing

/// What comes down from a relay: Omid wrote a room, and Emma is in it.
@Suite struct ClientReceivingTests {
    private struct World {
        var omid: MemoryHolder
        var emma: ClientScript
        let room: LogID
        /// The room's create, grant and first messages, accepted as one batch.
        let batch: Batch
        var relay: ScriptRelay { emma.relay }

        init(credit: UInt64 = 1 << 20) throws {
            omid = try ClientScript.holder("omid", seed: 2)
            room = omid.makeRoom("Fika")
            omid.grant(try TestStore.user("emma"), in: room)
            omid.say("Kanelbullar?", in: room)
            var relay = ScriptRelay()
            batch = try #require(try relay.accept(from: &omid).first)
            emma = ClientScript(
                try ClientScript.holder("emma", seed: 1), relay: relay, credit: credit)
        }

        var status: Frame {
            .status(LogStatus(log: room, state: .follows, from: 0, position: 4))
        }

        var replica: ReplicaID { batch.placements[0].replica }

        var names: Frame {
            .names(
                Names(
                    log: room, number: 1,
                    replicas: [Names.ReplicaNumber(number: 1, replica: replica)]))
        }

        /// Emma holds the batch and is up to date.
        mutating func bringUpToDate() throws {
            _ = try emma.open(.changesFollow)
            _ = try emma.hear(status, names, .batch(batch), .synced(ScriptRelay.base + 6000))
        }

        /// What Omid says next, accepted: briefs with numbers.
        mutating func briefs(_ texts: String...) throws -> [Brief] {
            var briefs: [Brief] = []
            for text in texts {
                omid.say(text, in: room)
                let batch = try #require(try emma.relay.accept(from: &omid).first)
                let segment = try SealedSegment(bytes: batch.segment)
                var table = NameTable()
                if case .names(let names) = names { _ = table.learn(names) }
                let placement = batch.placements[0]
                var brief = try #require(
                    Brief(
                        segment.segment.ops[0], seal: segment.proofs[0].seals[0].signature,
                        base: ScriptRelay.base, names: table))
                brief.positionLow = UInt8(placement.position & 0x7F)
                brief.acceptedAfter =
                    Int64(placement.acceptedAt) - Int64(segment.segment.rows[0].time.milliseconds)
                briefs.append(brief)
            }
            return briefs
        }
    }

    @Test func `what follows is stored, counted and then up to date`() throws {
        var world = try World()
        #expect(
            try world.emma.open(.changesFollow) == [.phase(.syncing(held: 0, total: 0))])
        let first = try world.emma.hear(world.status, world.names, .batch(world.batch))
        #expect(first == [.stored([world.room]), .phase(.syncing(held: 4, total: 4))])
        #expect(
            try world.emma.hear(.synced(ScriptRelay.base + 6000)) == [.phase(.upToDate)])
        #expect(world.emma.holder.ops(of: world.room) == world.omid.ops(of: world.room))
        #expect(
            world.emma.holder.cursor(of: world.room) == world.relay.orders[world.room]?.cursor)
        #expect(world.emma.holder.completeUntil == ScriptRelay.base + 6000)
    }

    @Test func `R5: after that both sums are equal`() throws {
        var world = try World()
        try world.bringUpToDate()
        var again = ClientScript(world.emma.holder, relay: world.relay)
        let hello = try again.meet()
        #expect(hello.summary == world.relay.summary)
        #expect(hello.completeUntil == ScriptRelay.base + 6000)
        #expect(try again.hear(again.relay.ready(.equal, to: hello)) == [.phase(.upToDate)])
    }

    @Test func `a brief is spelled out and takes the next position`() throws {
        var world = try World()
        try world.bringUpToDate()
        let brief = try world.briefs("Semlor!")[0]
        #expect(try world.emma.hear(.brief(brief)) == [.stored([world.room])])
        #expect(world.emma.holder.ops(of: world.room) == world.omid.ops(of: world.room))
        #expect(world.emma.holder.cursor(of: world.room)?.position == 5)
    }

    @Test func `many briefs of one replica come in one group`() throws {
        var world = try World()
        try world.bringUpToDate()
        let briefs = try world.briefs("one", "two", "three")
        #expect(try world.emma.hear(briefs.map { .brief($0) }) == [.stored([world.room])])
        #expect(world.emma.holder.cursor(of: world.room)?.position == 7)
    }

    @Test func `a brief may follow its batch in one group`() throws {
        var world = try World()
        _ = try world.emma.open(.changesFollow)
        let brief = try world.briefs("Semlor!")[0]
        let actions = try world.emma.hear(
            world.status, world.names, .batch(world.batch), .brief(brief))
        #expect(actions.failure == nil)
        #expect(world.emma.holder.cursor(of: world.room)?.position == 5)
    }

    @Test func `Y4: a brief that skips a position is unexpected`() throws {
        var world = try World()
        try world.bringUpToDate()
        let briefs = try world.briefs("one", "two")
        #expect(try world.emma.hear(.brief(briefs[1])).failure == .unexpected)
        #expect(world.emma.holder.cursor(of: world.room)?.position == 4)
    }

    @Test func `Y3: a number that was never told is unexpected`() throws {
        var world = try World()
        try world.bringUpToDate()
        var brief = try world.briefs("one")[0]
        brief.log = .number(2)
        #expect(try world.emma.hear(.brief(brief)).failure == .unexpected)
        #expect(world.emma.holder.cursor(of: world.room)?.position == 4)
    }

    @Test func `D5: the op before a brief's is asked for, and the brief's position kept`() throws {
        var world = try World()
        try world.bringUpToDate()
        let briefs = try world.briefs("one", "two", "three")
        // The first op's position comes, the op does not.
        let lost = Placement(
            replica: world.replica, seq: 5, count: 1, position: 5, acceptedAt: ScriptRelay.base)
        let asked = try world.emma.hear(
            .placed(Placed(log: world.room, placements: [lost])), .brief(briefs[1]),
            .brief(briefs[2]))
        let first = OpsRequest(
            request: 1, log: world.room, replica: world.replica, seqs: [5...6])
        let second = OpsRequest(
            request: 2, log: world.room, replica: world.replica, seqs: [7...7])
        #expect(
            asked == [.send(.want(first)), .send(.want(second)), .stored([world.room])])
        #expect(world.emma.holder.cursor(of: world.room)?.position == 4)
        let segment = try world.omid.segments(
            of: world.room, ranges: [ReplicaRange(replica: world.replica, seqs: 5...7)],
            withCards: false)[0]
        let answer = Batch(log: world.room, placements: [], segment: segment.bytes)
        #expect(
            try world.emma.hear(.batch(answer), .done(1), .done(2)) == [.stored([world.room])])
        #expect(world.emma.holder.cursor(of: world.room)?.position == 7)
    }

    @Test func `D6: credit is given back once what came is stored`() throws {
        var world = try World(credit: 300)
        _ = try world.emma.open(.changesFollow)
        let bytes = UInt64(Frame.batch(world.batch).byteCount)
        #expect(bytes > 300)
        let actions = try world.emma.hear(world.status, .batch(world.batch))
        #expect(actions.sent == [.credit(bytes)])
    }

    @Test func `D6: ops without credit are unexpected, and what was stored stays`() throws {
        var world = try World(credit: 300)
        _ = try world.emma.open(.changesFollow)
        let actions = try world.emma.hear(
            world.status, .batch(world.batch), .batch(world.batch))
        #expect(actions.failure == .unexpected)
        #expect(world.emma.holder.log.logs().isEmpty)
    }

    @Test func `a small debt of credit is not worth a frame`() throws {
        var world = try World()
        try world.bringUpToDate()
        let brief = try world.briefs("one")[0]
        #expect(try world.emma.hear(.brief(brief)).sent.isEmpty)
    }

    @Test func `ops that do not verify end the session and store nothing of the group`() throws {
        var world = try World()
        try world.bringUpToDate()
        let before = try LogDump(of: world.emma.holder.log)
        var briefs = try world.briefs("one", "two")
        briefs[1].seal = briefs[0].seal
        let actions = try world.emma.hear(briefs.map { .brief($0) })
        #expect(actions.failure == .badOps)
        #expect(try LogDump(of: world.emma.holder.log) == before)
        #expect(world.emma.holder.cursor(of: world.room)?.position == 4)
    }

    @Test func `a batch whose segment is of another log is malformed`() throws {
        var world = try World()
        _ = try world.emma.open(.changesFollow)
        var batch = world.batch
        batch.log = logNumbered(1)
        #expect(try world.emma.hear(.batch(batch)).failure == .malformed)
        #expect(world.emma.holder.log.logs().isEmpty)
    }

    @Test func `a batch that is no segment is malformed`() throws {
        var world = try World()
        _ = try world.emma.open(.changesFollow)
        var batch = world.batch
        batch.segment.removeLast()
        #expect(try world.emma.hear(.batch(batch)).failure == .malformed)
        #expect(world.emma.holder.log.logs().isEmpty)
    }

    @Test func `a status that skips positions is unexpected`() throws {
        var world = try World()
        _ = try world.emma.open(.changesFollow)
        let status = LogStatus(log: world.room, state: .follows, from: 3, position: 4)
        #expect(try world.emma.hear(.status(status)).failure == .unexpected)
    }

    @Test func `names that contradict each other are unexpected`() throws {
        var world = try World()
        try world.bringUpToDate()
        let other = Names(log: logNumbered(1), number: 1, replicas: [])
        #expect(try world.emma.hear(.names(other)).failure == .unexpected)
    }

    @Test func `R4: a head that the hash joins is kept`() throws {
        var world = try World()
        try world.bringUpToDate()
        let head = try world.relay.head(of: world.room)
        #expect(try world.emma.hear(.head(head)).isEmpty)
        #expect(world.emma.holder.haves(of: world.room).head == head)
    }

    @Test func `a head that somebody else signed is not authentic`() throws {
        var world = try World()
        try world.bringUpToDate()
        var head = try world.relay.head(of: world.room)
        head = Head.signed(
            log: head.log, epoch: head.epoch, position: head.position, running: head.running,
            access: head.access, by: TestStore.key(5))
        #expect(try world.emma.hear(.head(head)).failure == .notAuthentic)
        #expect(world.emma.holder.haves(of: world.room).head == nil)
    }

    @Test func `D7: a page is there when its answer is stored`() throws {
        var world = try World()
        let before = HybridTime.maximum
        let early = world.emma.session.page(of: world.room, before: before, limit: 50)
        #expect(early.isEmpty)
        let page = PageRequest(request: 1, log: world.room, before: before, limit: 50)
        #expect(try world.emma.open(.changesFollow).sent == [.page(page)])
        #expect(
            try world.emma.hear(.batch(world.batch), .done(1)) == [
                .stored([world.room]), .pageArrived(page),
            ])
        #expect(try world.emma.hear(.done(1)).failure == .unexpected)
    }

    @Test func `D7: a page is asked for once, and so many wait at most`() throws {
        var world = try World()
        _ = try world.emma.open(.changesFollow)
        let times = (1...100).map { HybridTime(milliseconds: $0, counter: 0) }
        var asked: [SessionAction] = []
        for time in times + times {
            asked += world.emma.session.page(of: world.room, before: time, limit: 50)
        }
        #expect(asked.count == 64)
        _ = try world.emma.hear(.done(1))
        let again = world.emma.session.page(of: world.room, before: times[0], limit: 50)
        #expect(again.count == 1)
    }

    @Test(arguments: [
        Frame.cursors([]),
        .page(PageRequest(request: 1, log: logNumbered(1), before: .zero, limit: 1)),
        .positions(PositionsRequest(request: 1, log: logNumbered(1), positions: 1...2)),
        .haves(Haves(log: logNumbered(1), head: nil, replicas: [])),
        .done(3),
    ])
    func `a relay does not say what only a client says, or what was not asked`(
        _ frame: Frame
    ) throws {
        var world = try World()
        try world.bringUpToDate()
        #expect(try world.emma.hear(frame).failure == .unexpected)
    }

    @Test func `E1: what lapses by itself is handed on both ways`() throws {
        var world = try World()
        let typing = Ephemeral(
            log: world.room, user: world.emma.holder.user, kind: .typing, timeToLive: 5000)
        let early = world.emma.session.ephemeral(typing)
        #expect(early.isEmpty)
        try world.bringUpToDate()
        let said = world.emma.session.ephemeral(typing)
        #expect(said == [.send(.ephemeral(typing))])
        #expect(try world.emma.hear(.ephemeral(typing)) == [.ephemeral(typing)])
    }

    @Test func `R7: that a log ended is told to the holder`() throws {
        var world = try World()
        try world.bringUpToDate()
        let status = LogStatus(log: world.room, state: .ended, from: 4, position: 4)
        #expect(try world.emma.hear(.status(status)) == [.stored([world.room])])
        #expect(world.emma.holder.ended == [world.room])
    }
}
