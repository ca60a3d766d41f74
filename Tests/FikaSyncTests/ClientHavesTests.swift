import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaSync
import FikaTestSupport
import Testing

/// Where no cursor serves: a relay that lost its disk, or that has another order.
@Suite struct ClientHavesTests {
    /// Emma holds Omid's room as a relay ordered it, with a head if asked.
    private struct World {
        var relay = ScriptRelay()
        var emma: MemoryHolder
        let room: LogID
        let head: Head

        init(withHead: Bool = true) throws {
            var omid = try ClientScript.holder("omid", seed: 2)
            room = omid.makeRoom("Fika")
            omid.grant(try TestStore.user("emma"), in: room)
            omid.say("Kanelbullar?", in: room)
            let batch = try #require(try relay.accept(from: &omid).first)
            head = try relay.head(of: room)
            var script = ClientScript(
                try ClientScript.holder("emma", seed: 1), relay: relay)
            _ = try script.open(.changesFollow)
            _ = try script.hear(
                .status(LogStatus(log: room, state: .follows, position: 4)), .batch(batch),
                .synced(1))
            if withHead { _ = try script.hear(.head(head)) }
            emma = script.holder
        }
    }

    /// A session with a relay that has begun another epoch, and wants all cursors.
    private static func inNextEpoch(_ holder: MemoryHolder) throws -> ClientScript {
        var relay = ScriptRelay()
        relay.epoch = Epoch(raw: 8)
        var script = ClientScript(holder, relay: relay)
        _ = try script.open(.cursorsWanted)
        return script
    }

    @Test func `C2: a wiped relay that takes over the head is filled in its order`() throws {
        var world = try World()
        world.emma.say("while it was gone", in: world.room)
        var relay = ScriptRelay()
        relay.epoch = Epoch(raw: 8)
        var script = ClientScript(world.emma, relay: relay)
        let hello = try script.meet()
        #expect(hello.summary == nil, "no cursor is of the new epoch")
        let opened = try script.hear(relay.ready(.cursorsWanted, to: hello))
        #expect(opened.sent.count == 1)
        let asked = try script.hear(.status(LogStatus(log: world.room, state: .unknown)))
        guard case .haves(let haves)? = asked.sent.first else {
            Issue.record("no haves in \(asked)")
            return
        }
        #expect(haves.head == world.head)
        let theirs = Haves(log: world.room, head: world.head, replicas: [])
        let filled = try script.hear(.haves(theirs)).sent
        guard case .batch(let batch) = filled[0], case .placed(let placed) = filled[1] else {
            Issue.record("no filling in \(filled)")
            return
        }
        #expect(try SealedSegment(bytes: batch.segment).segment.rows.count == 4)
        #expect(placed.placements.map(\.position) == [1])
        #expect(placed.placements.map(\.count) == [4])
        guard filled.count == 3, case .batch(let own) = filled[2] else {
            Issue.record("what was written since does not follow: \(filled)")
            return
        }
        #expect(try SealedSegment(bytes: own.segment).segment.rows.map(\.seq) == [1, 2])
        #expect(
            try script.hear(.placed(placed), .synced(2)).contains(.phase(.upToDate)))
        #expect(script.holder.cursor(of: world.room)?.running == world.head.running)
    }

    @Test func `C1: what a relay does not name after all is sent once more`() throws {
        let world = try World()
        var script = try Self.inNextEpoch(world.emma)
        _ = try script.hear(.status(LogStatus(log: world.room, state: .unknown)))
        let filled = try script.hear(
            .haves(Haves(log: world.room, head: world.head, replicas: [])))
        #expect(filled.batches.count == 1)
        // Somebody else's order was longer, and it puts Emma out: of hers nothing was taken.
        _ = try script.hear(.status(LogStatus(log: world.room, state: .compare, position: 9)))
        let again = try script.hear(.haves(Haves(log: world.room, head: nil, replicas: [])))
        let rows = try again.batches.flatMap {
            try SealedSegment(bytes: $0.segment).segment.rows.map(\.seq)
        }
        #expect(rows == [1, 2, 3, 4])
    }

    @Test func `C1: what the relay holds of another order is not sent again`() throws {
        let world = try World(withHead: false)
        var script = try Self.inNextEpoch(world.emma)
        _ = try script.hear(
            .status(LogStatus(log: world.room, state: .compare, position: 2)))
        var theirs = world.emma.haves(of: world.room)
        let replica = theirs.replicas[0].replica
        theirs.replicas[0].intervals = [
            Haves.Interval(
                seqs: 1...2,
                end: try #require(world.emma.chain(of: replica, in: world.room, at: 2)))
        ]
        theirs.head = nil
        let batch = try #require(try script.hear(.haves(theirs)).batches.first)
        #expect(try SealedSegment(bytes: batch.segment).segment.rows.map(\.seq) == [3, 4])
        #expect(batch.placements.isEmpty)
    }

    @Test func `R7: own ops that a relay has are shown again where it says no more of a log`()
        throws
    {
        let world = try World(withHead: false)
        var emma = world.emma
        emma.say("Semlor!", in: world.room)
        _ = try emma.pending()
        var script = try Self.inNextEpoch(emma)
        _ = try script.hear(.status(LogStatus(log: world.room, state: .compare, position: 6)))
        var theirs = emma.haves(of: world.room)
        theirs.head = nil
        #expect(try script.hear(.haves(theirs)).batches.isEmpty)
        // Before it tells any position somebody puts Emma out.
        let ended = LogStatus(log: world.room, state: .ended, position: 7)
        let batches = try script.hear(.status(ended)).batches
        let segments = try batches.map { try SealedSegment(bytes: $0.segment).segment }
        let own = try #require(segments.first)
        #expect(segments.count == 1)
        #expect(own.rows.map(\.seq) == [1, 2])
        #expect(emma.log.card(of: own.replicas[0], in: world.room)?.introduction.user == emma.user)
    }

    @Test func `R7: what filled an order is shown again where the relay says no more of the log`()
        throws
    {
        var world = try World()
        var emma = world.emma
        emma.say("Semlor!", in: world.room)
        _ = try world.relay.accept(from: &emma)
        try emma.store([.head(world.relay.head(of: world.room))])
        var script = try Self.inNextEpoch(emma)
        _ = try script.hear(.status(LogStatus(log: world.room, state: .compare, position: 9)))
        let filled = try script.hear(.haves(emma.haves(of: world.room))).sent
        guard case .placed(let told)? = filled.last, let first = told.placements.first else {
            Issue.record("no filling in \(filled)")
            return
        }
        #expect(told.placements.map(\.count).reduce(0, +) == 6)
        // What fills has no answer but to compare again, and Emma is out before that.
        var elsewhere = first
        elsewhere.position = 7
        let answer = try script.hear(
            .placed(Placed(log: world.room, placements: [elsewhere])),
            .status(LogStatus(log: world.room, state: .ended, position: 12)))
        let segments = try answer.batches.map { try SealedSegment(bytes: $0.segment).segment }
        #expect(segments.map { $0.rows.map(\.seq) } == [[1, 2]])
    }

    @Test func `C4: a cursor that the relay's order does not join is let go`() throws {
        let world = try World()
        var script = ClientScript(world.emma, relay: world.relay)
        _ = try script.open(.cursorsWanted)
        _ = try script.hear(
            .status(LogStatus(log: world.room, state: .compare, position: 9)))
        var theirs = script.holder.haves(of: world.room)
        theirs.head = nil
        let actions = try script.hear(.haves(theirs))
        #expect(actions == [.stored([world.room])])
        #expect(script.holder.position(of: world.room) == 0)
    }

    @Test func `U5: a replica with two branches goes over whole, as proof`() throws {
        let world = try World()
        var script = ClientScript(world.emma, relay: world.relay)
        _ = try script.open(.cursorsWanted)
        _ = try script.hear(.status(LogStatus(log: world.room, state: .compare, position: 4)))
        var theirs = script.holder.haves(of: world.room)
        theirs.replicas[0].intervals[0].end = RunningHash.start(log: world.room)
        let batch = try #require(try script.hear(.haves(theirs)).batches.first)
        #expect(try SealedSegment(bytes: batch.segment).segment.rows.count == 4)
    }

    @Test func `haves that were not asked for are unexpected`() throws {
        let world = try World()
        var script = ClientScript(world.emma, relay: world.relay)
        _ = try script.open(.equal)
        let haves = world.emma.haves(of: world.room)
        #expect(try script.hear(.haves(haves)).failure == .unexpected)
    }

    @Test func `R7: who is put out while the relay still compares is told so`() throws {
        let world = try World()
        var script = try Self.inNextEpoch(world.emma)
        let status = LogStatus(log: world.room, state: .compare, position: 2)
        #expect(try script.hear(.status(status)).sent.count == 1)
        let answer = Haves(log: world.room, head: nil, replicas: [])
        let told = try script.hear(
            .status(LogStatus(log: world.room, state: .ended)), .haves(answer))
        #expect(told.failure == nil)
        #expect(script.holder.ended == [world.room])
        #expect(try script.hear(.haves(answer)).failure == .unexpected, "nothing was asked")
    }
}
