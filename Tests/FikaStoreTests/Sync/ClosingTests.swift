import FikaChat
import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import GRDB
import Testing

/// What becomes of own writing that a relay refuses (rules A3 and A4).
@Suite struct ClosingTests {
    let emma: TestStore
    let bo: TestStore
    let room: LogID
    let relay: PaperRelay

    /// Bo's replica has something accepted; then Bo writes three lines that are sealed.
    init() throws {
        let stage = try TwoStores()
        (emma, bo, room) = (stage.emma, stage.bo, stage.room)
        relay = PaperRelay(clock: emma.clock)
        try relay.meet(emma, bo)
        try relay.take(from: emma)
        try bo.store.receive(relay.told(room))
        try bo.say("hej", in: room)
        try relay.take(from: bo)
        for text in ["ett", "två", "tre"] { try bo.say(text, in: room) }
    }

    private func items(_ test: TestStore) throws -> [OutboxEntry] {
        try test.store.read { try OutboxTable(db: $0).entries() }
    }

    private func own(_ test: TestStore) throws -> LogListing.Replica {
        try #require(
            try test.store.read { db in
                try LogInspector(db).listing(of: room)?.replicas.first { $0.own != .foreign }
            })
    }

    private func expectGood(_ test: TestStore) throws {
        let report = try test.store.verify()
        #expect(report.isGood, "\(report.problems)")
    }

    private func expectEqual() throws {
        try relay.take(from: bo)
        try emma.store.receive(relay.told(room))
        try bo.store.receive(relay.told(room))
        let (left, right) = (try Shown(room, in: emma), try Shown(room, in: bo))
        #expect(left.state == right.state)
        for test in [emma, bo] { try expectGood(test) }
    }

    @Test func `ST14 A4: what lies beyond a fork is said again, and stays where it was`() throws {
        _ = try bo.store.pending()
        let before = try Shown(room, in: bo).state.rows
        try bo.store.receive(relay.close(own(bo).replica, at: 2, .forked, in: room))
        #expect(try Shown(room, in: bo).state.rows.map(\.id) == before.map(\.id))
        #expect(try Shown(room, in: bo).texts == ["hej", "ett", "två", "tre"])
        try expectEqual()
        #expect(try items(bo).isEmpty)
        #expect(try Shown(room, in: emma).texts == ["hej", "ett", "två", "tre"])
    }

    @Test func `A4 C2: what was stamped too far ahead is said again with a stamp of now`() throws {
        let now = emma.clock.now
        emma.clock.advance(byMilliseconds: 86_400_000)
        let late = try bo.say("i morgon", in: room)
        _ = try bo.store.pending()
        emma.clock.set(milliseconds: now)
        try bo.store.receive(relay.close(own(bo).replica, at: 2, .clockAhead, in: room))
        let row = try #require(try Shown(room, in: bo).state.rows.last)
        #expect(row.id == late.dot)
        #expect(row.stamp.time.milliseconds < now + 60_000)
        try expectEqual()
        let next = try bo.say("nu", in: room)
        let time = try bo.store.read { try LogInspector($0).op(next)?.op.time.milliseconds }
        #expect(time.map { $0 < now + 60_000 } == true)
    }

    @Test(arguments: [CloseReason.removed, .roomClosed, .held])
    func `ST14 A3: what may not be said is kept with the reason, and nothing of it is sent`(
        reason: CloseReason
    ) throws {
        _ = try bo.store.pending()
        try bo.store.receive(relay.close(own(bo).replica, at: 2, reason, in: room))
        let entries = try items(bo)
        #expect(
            entries.map(\.state) == Array(repeating: reason == .held ? .held : .refused, count: 3))
        #expect(entries.allSatisfy { $0.reason == reason })
        let texts = try bo.store.read { try OutboxQuery($0).items().map { $0.op?.body != nil } }
        #expect(texts == [true, true, true])
        #expect(try bo.store.pending().isEmpty)
        try bo.say("igen", in: room)
        #expect(try bo.store.pending().map(\.seqs) == [1...2])
        try expectGood(bo)
    }

    @Test func `ST14 A4: one op that is too large does not block those after it`() throws {
        try bo.store.receive(relay.close(own(bo).replica, at: 2, .tooLarge, in: room))
        #expect(try items(bo).map(\.state).filter { $0 == .refused }.count == 1)
        try expectEqual()
        #expect(try Shown(room, in: emma).texts == ["hej", "två", "tre"])
        #expect(try items(bo).map(\.reason) == [.tooLarge])
    }

    @Test func `ST14 A4: a replica of which nothing was taken is said anew by another`() throws {
        let fresh = try TestStore(user: "bo", seed: 8, clock: emma.clock)
        try relay.meet(fresh)
        try fresh.store.receive(relay.told(room))
        try fresh.say("tidigt", in: room)
        _ = try fresh.store.pending()
        let replica = try #require(try fresh.currentReplica(of: room))
        let refused = RefusedOps(
            log: room, replica: replica, seq: 1, isClosed: false, reason: .clockAhead)
        try fresh.store.receive([.refused(refused)])
        #expect(try Shown(room, in: fresh).texts.contains("tidigt"))
        let pending = try fresh.store.pending()
        #expect(pending.count == 1)
        #expect(pending.first?.replica != replica)
        try relay.take(from: fresh)
        try expectGood(fresh)
        try emma.store.receive(relay.told(room))
        #expect(try Shown(room, in: emma).texts.contains("tidigt"))
    }

    @Test func `ST14: what is refused for its time who is out does not say again`() throws {
        let fresh = try TestStore(user: "bo", seed: 8, clock: emma.clock)
        try relay.meet(fresh)
        try fresh.store.receive(relay.told(room))
        try fresh.say("tidigt", in: room)
        let replica = try #require(try fresh.store.pending().first).replica
        try fresh.store.receive([.ended(room)])
        let refused = RefusedOps(
            log: room, replica: replica, seq: 1, isClosed: false, reason: .clockAhead)
        try fresh.store.receive([.refused(refused)])
        #expect(try fresh.store.pending().isEmpty)
        #expect(try Set(items(fresh).map(\.state)) == [.refused])
        #expect(try Shown(room, in: fresh).texts.contains("tidigt"))
        try expectGood(fresh)
    }

    @Test func `ST14: what is kept as refused stays, whatever another relay says of it`() throws {
        let fresh = try TestStore(user: "bo", seed: 8, clock: emma.clock)
        try relay.meet(fresh)
        try fresh.store.receive(relay.told(room))
        try fresh.say("tidigt", in: room)
        let replica = try #require(try fresh.store.pending().first).replica
        for reason in [CloseReason.notMember, .clockAhead] {
            let refused = RefusedOps(
                log: room, replica: replica, seq: 1, isClosed: false, reason: reason)
            try fresh.store.receive([.refused(refused)])
        }
        #expect(try Shown(room, in: fresh).texts.contains("tidigt"))
        #expect(try Set(items(fresh).map(\.reason)) == [.notMember])
        #expect(try fresh.store.pending().isEmpty)
        try expectGood(fresh)
    }

    @Test(arguments: [CloseReason.clockAhead, .tooLarge])
    func `ST14: what is queued below what is kept is not sent for ever`(
        reason: CloseReason
    ) throws {
        let fresh = try TestStore(user: "bo", seed: 8, clock: emma.clock)
        try relay.meet(fresh)
        try fresh.store.receive(relay.told(room))
        for text in ["ett", "två"] { try fresh.say(text, in: room) }
        let replica = try #require(try fresh.store.pending().first).replica
        for (seq, reason) in [(3, CloseReason.notMember), (1, reason)] {
            let refused = RefusedOps(
                log: room, replica: replica, seq: UInt64(seq), isClosed: false, reason: reason)
            try fresh.store.receive([.refused(refused)])
        }
        #expect(try Set(Shown(room, in: fresh).texts) == ["hej", "ett", "två"])
        #expect(try !fresh.store.pending().contains { $0.replica == replica })
        let rows = try fresh.store.read {
            try ViewQueries($0).page(of: room, .newest, limit: 2).map(\.delivery)
        }
        let isSaidAgain = reason == .clockAhead
        #expect(Set(rows) == [isSaidAgain ? .pending : .refused(reason), .refused(.notMember)])
        try expectGood(fresh)
        try relay.take(from: fresh)
        try emma.store.receive(relay.told(room))
        #expect(try Shown(room, in: emma).texts == (isSaidAgain ? ["hej", "ett"] : ["hej"]))
        #expect(try fresh.store.pending().isEmpty)
    }

    @Test func `ST14 A4: a room is made anew before what was said since by a copy of the store`()
        throws
    {
        let first = try TestStore(user: "bo", seed: 8, clock: emma.clock)
        try relay.meet(first)
        let made = try first.makeRoom("Köket")
        let replica = try #require(try first.store.pending().first).replica
        let copy = try first.copied(seed: 9)
        try copy.say("sen", in: made)
        _ = try copy.store.pending()
        let refused = RefusedOps(
            log: made, replica: replica, seq: 1, isClosed: false, reason: .clockAhead)
        try copy.store.receive([.refused(refused)])
        let pending = try copy.store.pending()
        #expect(pending.map(\.seqs) == [1...3])
        let kinds = try copy.store.read { db in
            var kinds: [Kind] = []
            try LogInspector(db).forEachOp(of: made) { op in
                if op.op.id.dot.replica == pending.first?.replica { kinds.append(op.op.kind) }
                return true
            }
            return kinds
        }
        #expect(kinds == [ChatKind.introduction, .create, .message].map(\.kind))
        #expect(try Shown(made, in: copy).texts == ["sen"])
        try expectGood(copy)
    }

    @Test(arguments: [false, true])
    func `ST14 ST18 A4: a room of which nothing was taken is made anew by another replica`(
        isReopened: Bool
    ) throws {
        let fresh = try TestStore(user: "bo", seed: 8, clock: emma.clock)
        try relay.meet(fresh)
        let made = try fresh.makeRoom("Köket")
        try fresh.grant("emma", in: made)
        try fresh.say("tidigt", in: made)
        let replica = try #require(try fresh.store.pending().first).replica
        try emma.take(fresh.exported([made]))
        // Then nobody remembers who wrote the access ops that the views have.
        if isReopened { for test in [emma, fresh] { try test.reopen() } }
        let refused = Received.refused(
            RefusedOps(log: made, replica: replica, seq: 1, isClosed: false, reason: .clockAhead))
        for test in [emma, fresh] { try test.store.receive([refused]) }
        #expect(try Shown(made, in: fresh).texts == ["tidigt"])
        #expect(try !fresh.store.pending().map(\.replica).contains(replica))
        try relay.take(from: fresh)
        try emma.store.receive(relay.told(made))
        let states = try [emma, fresh].map { try Shown(made, in: $0).state }
        #expect(states[0] == states[1])
        for test in [emma, fresh] { try expectGood(test) }
    }

    @Test func `ST18 A4: what another's refused replica said gives way to what is said again`()
        throws
    {
        let fresh = try TestStore(user: "bo", seed: 8, clock: emma.clock)
        try relay.meet(fresh)
        try fresh.store.receive(relay.told(room))
        let row = try fresh.say("tidigt", in: room)
        try emma.take(fresh.exported([room]))
        let refused = Received.refused(
            RefusedOps(
                log: room, replica: row.dot.replica, seq: 1, isClosed: false,
                reason: .clockAhead))
        for test in [emma, fresh] { try test.store.receive([refused]) }
        try relay.take(from: fresh)
        try emma.store.receive(relay.told(room))
        let states = try [emma, fresh].map { try Shown(room, in: $0).state }
        #expect(states[0] == states[1])
        #expect(states[0].rows.last?.id == row.dot)
        #expect(try emma.store.pending().isEmpty)
        try expectGood(emma)
    }

    @Test func `A3: a refusal without a close is kept with the row`() throws {
        let fresh = try TestStore(user: "bo", seed: 8, clock: emma.clock)
        try relay.meet(fresh)
        try fresh.store.receive(relay.told(room))
        try fresh.say("nej", in: room)
        let part = try #require(try fresh.store.pending().first)
        let refused = RefusedOps(
            log: room, replica: part.replica, seq: 1, isClosed: false, reason: .notMember)
        try fresh.store.receive([.refused(refused)])
        #expect(try fresh.store.pending().isEmpty)
        let row = try fresh.store.read {
            try ViewQueries($0).page(of: room, .newest, limit: 1).first
        }
        #expect(row?.delivery == .refused(.notMember))
        try expectGood(fresh)
    }

    @Test func `H4: closes of a relay count from when it is met`() throws {
        let other = PaperRelay(seed: 77, clock: emma.clock)
        for part in relay.placements[room] ?? [] {
            for case .ops(let segment, _) in try relay.ops(part, in: room) {
                try other.append(segment)
            }
        }
        for case .ops(let segment, _) in try other.close(
            own(bo).replica, at: 2, .removed, in: room)
        {
            try bo.store.receive([.ops(segment, [])])
        }
        #expect(try items(bo).allSatisfy { $0.state == .queued })
        other.epoch = Epoch(raw: 9)
        try other.meet(bo)
        #expect(try items(bo).map(\.state).filter { $0 == .refused }.count == 3)
    }
}
