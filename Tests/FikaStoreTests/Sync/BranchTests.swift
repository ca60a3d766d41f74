import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import Testing

/// What becomes of a replica's ops when a relay accepted others at the same seqs (rule U5).
@Suite struct BranchTests {
    let emma: TestStore
    let bo: TestStore
    let room: LogID
    let relay: PaperRelay

    /// Bo has said "hej", which all have.
    init() throws {
        let stage = try TwoStores()
        (emma, bo, room) = (stage.emma, stage.bo, stage.room)
        relay = PaperRelay(clock: emma.clock)
        try relay.meet(emma, bo)
        try relay.take(from: emma)
        try bo.store.receive(relay.told(room))
        try bo.say("hej", in: room)
        try relay.take(from: bo)
        try emma.store.receive(relay.told(room))
    }

    /// Bo's machine is set back after two lines were accepted, and Bo writes others.
    private func fork(_ texts: [String] = ["annat"]) throws {
        let before = try bo.snapshot()
        for text in ["ett", "två"] { try bo.say(text, in: room) }
        try relay.take(from: bo)
        try bo.rewind(to: before)
        for text in texts { try bo.say(text, in: room) }
        let own = try bo.store.pending()
        let accepted = try #require(relay.placements[room]?.last)
        #expect(own.map(\.replica) == [accepted.replica])
        #expect(own.first?.seqs.lowerBound == accepted.seq)
    }

    private func expectEqual(_ texts: [String]) throws {
        for test in [bo, emma] {
            try test.store.receive(relay.told(room))
            #expect(try Shown(room, in: test).texts == texts)
            let position = try test.store.read { try SyncQueries($0).position(of: room) }
            #expect(position == relay.position(of: room))
            let report = try test.store.verify()
            #expect(report.isGood, "\(report.problems)")
        }
        let states = try [bo, emma].map { try Shown(room, in: $0).state }
        #expect(states[0] == states[1])
    }

    @Test(arguments: [["annat"], ["annat", "mer", "ännu mer"]])
    func `ST18 U5: own ops give way to an accepted branch and are said again`(
        _ texts: [String]
    ) throws {
        try fork(texts)
        try bo.store.receive(relay.told(room))
        #expect(Set(try Shown(room, in: bo).texts) == Set(["hej", "ett", "två"] + texts))
        try relay.take(from: bo)
        try expectEqual(["hej", "ett", "två"] + texts)
        #expect(try bo.store.read { try OutboxTable(db: $0).entries() }.isEmpty)
    }

    @Test func `ST18 U5: another's pending branch gives way to the accepted one`() throws {
        try fork()
        try emma.take(bo.exported([room]))
        #expect(try Shown(room, in: emma).texts == ["hej", "annat"])
        try emma.store.receive(relay.told(room))
        #expect(try Shown(room, in: emma).texts == ["hej", "ett", "två"])
        try bo.store.receive(relay.told(room))
        try relay.take(from: bo)
        try expectEqual(["hej", "ett", "två", "annat"])
    }

    @Test func `ST18 U5: the newest of the accepted branch may come first`() throws {
        try fork()
        try emma.take(bo.exported([room]))
        let last = try #require(relay.placements[room]?.last)
        let page = Placement(
            replica: last.replica, seq: last.lastSeq, count: 1, position: last.lastPosition,
            acceptedAt: last.acceptedAt)
        try emma.store.receive(relay.ops(page, in: room))
        try bo.store.receive(relay.ops(page, in: room))
        try bo.store.receive(relay.told(room))
        try relay.take(from: bo)
        try expectEqual(["hej", "ett", "två", "annat"])
    }

    @Test func `ST18 U5: a branch that no relay accepted is left out, and nothing else`() throws {
        try fork()
        try emma.store.receive(relay.told(room))
        let other = try bo.store.read { db in
            let queries = SyncQueries(db)
            let replicas = try queries.haves(of: room).replicas
            return try queries.segments(
                of: room, ranges: replicas.map { ($0.replica, 1...Limits.seqMaximum) },
                withCards: true)
        }
        let before = try Shown(room, in: emma).state
        try emma.store.receive(other.map { .ops($0, []) })
        #expect(try Shown(room, in: emma).state == before)
    }
}
