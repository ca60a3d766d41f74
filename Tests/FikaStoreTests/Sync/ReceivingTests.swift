import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import GRDB
import Testing

/// What a relay tells is stored with how far it goes (rules R1-R8, C1-C5 and ST2).
@Suite struct ReceivingTests {
    let emma: TestStore
    let bo: TestStore
    let room: LogID
    let relay: PaperRelay

    init() throws {
        let stage = try TwoStores()
        (emma, bo, room) = (stage.emma, stage.bo, stage.room)
        relay = PaperRelay(clock: emma.clock)
        try relay.meet(emma, bo)
    }

    private func position(_ test: TestStore) throws -> UInt64 {
        try test.store.read { try SyncQueries($0).position(of: room) }
    }

    private func progress(_ test: TestStore) throws -> LogProgress? {
        try test.store.read { try SyncQueries($0).progress(of: room) }
    }

    private func outbox(_ test: TestStore) throws -> [OutboxEntry] {
        try test.store.read { try OutboxTable(db: $0).entries() }
    }

    private func head(_ test: TestStore) throws -> Head? {
        try test.store.read { try SyncQueries($0).haves(of: room).head }
    }

    private func expectGood(_ test: TestStore) throws {
        let report = try test.store.verify()
        #expect(report.isGood, "\(report.problems)")
    }

    @Test func `ST17 U1: what was written goes up once, and the answer empties the outbox`()
        throws
    {
        try emma.say("Bullar?", in: room)
        try relay.take(from: emma)
        #expect(try outbox(emma).isEmpty)
        #expect(try emma.store.pending().isEmpty)
        #expect(try position(emma) == relay.position(of: room))
        try expectGood(emma)
    }

    @Test func `ST17 U1: a log that no relay knows starts with who made it, whatever the clocks`()
        throws
    {
        let now = emma.clock.now
        emma.clock.set(milliseconds: now - 3_600_000)
        try bo.say("tidigt", in: room)
        emma.clock.set(milliseconds: now)
        try bo.exchange(with: emma, room)
        let pending = try emma.store.pending().filter { $0.log == room }
        let own = try emma.currentReplica(of: room)
        #expect(pending.count == 2)
        #expect(pending.first?.replica == own)
        try relay.take(from: emma)
        #expect(relay.placements[room]?.first?.replica == own)
    }

    @Test func `ST20 R3: the cursor stops at what is not held, and goes on when it comes`() throws {
        try relay.take(from: emma)
        try bo.store.receive(relay.told(room))
        let before = relay.position(of: room)
        try emma.say("ett", in: room)
        try relay.take(from: emma)
        try emma.say("två", in: room)
        try relay.take(from: emma)
        let news = try relay.told(room, after: before)
        #expect(news.count == 3)
        try bo.store.receive([news[0], news[2]])
        #expect(try position(bo) == before)
        #expect(try progress(bo) == LogProgress(held: before + 1, told: before + 2, isEnded: false))
        try bo.store.receive([news[1]])
        #expect(try position(bo) == before + 2)
        #expect(try progress(bo)?.isComplete == true)
        #expect(try Shown(room, in: bo).texts == ["ett", "två"])
        try expectGood(bo)
    }

    @Test func `ST20 R4: a head ahead of the cursor is kept until the cursor joins it`() throws {
        try relay.take(from: emma)
        try bo.store.receive(relay.told(room))
        let before = relay.position(of: room)
        try emma.say("ett", in: room)
        try relay.take(from: emma)
        let head = try relay.head(of: room)
        try bo.store.receive([.head(head)])
        #expect(try self.head(bo) == nil)
        try bo.store.receive(relay.told(room, after: before))
        #expect(try self.head(bo) == head)
        var other = head
        other.running = RunningHash.start(log: room)
        let forged = Head.signed(
            log: room, epoch: relay.epoch, position: other.position + 1, running: other.running,
            access: other.access, by: relay.key)
        try bo.store.receive([.head(forged)])
        #expect(try self.head(bo) == head)
    }

    @Test func `R5: both sides' sums are equal once all is told, and not before`() throws {
        try relay.take(from: emma)
        let cursor = try relay.head(of: room)
        var sum = SyncSummary()
        sum.add(
            room, epoch: relay.epoch,
            cursor: FikaLog.Cursor(position: cursor.position, running: cursor.running))
        #expect(try emma.store.greeting(epoch: relay.epoch).summary == sum)
        #expect(try bo.store.greeting(epoch: relay.epoch).summary == nil)
        #expect(try emma.store.greeting(epoch: Epoch(raw: 8)).summary == nil)
        let fresh = try TestStore(user: "omid", seed: 9, clock: emma.clock)
        #expect(try fresh.store.greeting(epoch: relay.epoch).summary == SyncSummary())
    }

    @Test func `R5: no sum is told while an order of before may have to fill the relay`() throws {
        let other = try emma.makeRoom("Lunch")
        try relay.take(from: emma)
        for log in [room, other] { try emma.store.receive([.head(try relay.head(of: log))]) }
        relay.epoch = Epoch(raw: 8)
        try relay.meet(emma)
        try emma.store.receive(relay.told(other))
        #expect(try emma.store.greeting(epoch: relay.epoch).summary == nil)
        try emma.store.receive(relay.told(room))
        #expect(try emma.store.greeting(epoch: relay.epoch).summary?.count == 2)
    }

    @Test func `ST21 C4: another position for an op lets go of all, and the relay's word counts`()
        throws
    {
        try relay.take(from: emma)
        try emma.say("ett", in: room)
        try relay.take(from: emma)
        let other = PaperRelay(clock: emma.clock)
        let parts = relay.placements[room] ?? []
        for part in parts {
            for case .ops(let segment, _) in try relay.ops(part, in: room) {
                try other.append(segment)
            }
        }
        for seq in (1...parts[0].count + 1).reversed() {
            other.place(parts[0].replica, seq...seq, in: room)
        }
        try emma.store.receive(other.told(room))
        #expect(try position(emma) == other.position(of: room))
        #expect(try outbox(emma).isEmpty)
        try expectGood(emma)
    }

    @Test func `C4: what was told before the first contradiction stays`() throws {
        try relay.take(from: emma)
        try emma.say("ett", in: room)
        try relay.take(from: emma)
        try emma.store.receive([.head(relay.head(of: room))])
        // Another order with the same first ops, in a new epoch: the others in reverse.
        let other = PaperRelay(clock: emma.clock)
        let part = try #require(relay.placements[room]?.first)
        for part in relay.placements[room] ?? [] {
            for case .ops(let segment, _) in try relay.ops(part, in: room) {
                try other.append(segment)
            }
        }
        other.place(part.replica, 1...2, in: room)
        for seq in (3...relay.position(of: room)).reversed() {
            other.place(part.replica, seq...seq, in: room)
        }
        try emma.store.meet(
            relay: other.key.publicKey, epoch: Epoch(raw: 8), time: emma.clock.now)
        let placements = other.placements[room] ?? []
        try emma.store.receive([.placed(room, placements)])
        #expect(try position(emma) == other.position(of: room))
        #expect(try outbox(emma).isEmpty)
        try expectGood(emma)
    }

    @Test func `C4: positions told anew make own ops pending again until they are told`() throws {
        try emma.say("ett", in: room)
        try relay.take(from: emma)
        try emma.store.receive([.orderStartsAgain(room)])
        #expect(try position(emma) == 0)
        #expect(try !outbox(emma).isEmpty)
        try emma.store.receive(relay.told(room))
        #expect(try position(emma) == relay.position(of: room))
        #expect(try outbox(emma).isEmpty)
        try expectGood(emma)
    }

    @Test func `ST21 C2: in a new epoch what a head proves is kept, and the rest is pending`()
        throws
    {
        try relay.take(from: emma)
        try emma.store.receive([.head(relay.head(of: room))])
        let proven = relay.position(of: room)
        try emma.say("efter", in: room)
        try relay.take(from: emma)
        #expect(try outbox(emma).isEmpty)
        try emma.store.meet(
            relay: relay.key.publicKey, epoch: Epoch(raw: 8), time: emma.clock.now)
        #expect(try position(emma) == 0)
        let kept = try emma.store.read {
            try SyncQueries($0).placements(in: room, positions: 1...1000)
        }
        #expect(kept.last?.lastPosition == proven)
        #expect(try emma.store.pending().map(\.seqs.count) == [1])
        try expectGood(emma)
    }

    @Test func `ST13 F11: without a relay's word a log of others is not kept`() throws {
        let omid = try TestStore(user: "omid", seed: 9, clock: emma.clock)
        let segments = try emma.exported([room]).map { try SealedSegment(bytes: $0) }
        try omid.store.receive(segments.map { .ops($0, []) })
        #expect(try omid.store.read { try SyncQueries($0).cursors().isEmpty })
    }

    /// Emma lets Bo out, and Bo is told.
    private func letBoOut() throws {
        let before = relay.position(of: room)
        let grant = try #require(
            try emma.store.read { db in
                var found: Dot?
                try LogInspector(db).forEachOp(of: room) { op in
                    if op.op.kind == ChatKind.grant.kind { found = op.op.id.dot }
                    return true
                }
                return found
            })
        try emma.write([OpDraft(.revoke, target: grant)], to: room)
        try relay.take(from: emma)
        try bo.store.receive(relay.told(room, after: before) + [.ended(room)])
    }

    @Test func `ST13 F11: whoever was removed keeps and exports what is there`() throws {
        try relay.take(from: emma)
        try emma.say("ett", in: room)
        try relay.take(from: emma)
        try bo.store.receive(relay.told(room))
        try letBoOut()
        #expect(try progress(bo)?.isEnded == true)
        #expect(try bo.store.read { try SyncQueries($0).cursors().isEmpty })
        #expect(try Shown(room, in: bo).texts == ["ett"])
        #expect(try !bo.exported([room]).isEmpty)
        #expect(
            try bo.store.read { try SyncQueries($0).logs(readableBy: TestStore.user("bo")) } == [])
        try expectGood(bo)
    }

    @Test func `ST13: what was accepted before a room ended is not offered to another relay`()
        throws
    {
        try relay.take(from: emma)
        try bo.store.receive(relay.told(room))
        try bo.say("hej då", in: room)
        try relay.take(from: bo)
        try letBoOut()
        let replica = try #require(try bo.currentReplica(of: room))
        try bo.store.receive(relay.close(replica, at: 2, .removed, in: room))
        #expect(try bo.store.pending().isEmpty)
        try bo.store.meet(
            relay: relay.key.publicKey, epoch: Epoch(raw: 8), time: bo.clock.now)
        #expect(try bo.store.pending().isEmpty)
        #expect(try outbox(bo).isEmpty)
        try expectGood(bo)
        // A relay that was put back knows that Bo is in, and not what Bo said.
        try bo.store.receive([.follows(room, position: 2)])
        #expect(try outbox(bo).isEmpty == false)
        try expectGood(bo)
    }

    @Test func `C1: a stamp far ahead raises the clock once it is accepted`() throws {
        try relay.take(from: emma)
        try bo.store.receive(relay.told(room))
        let before = relay.position(of: room)
        emma.clock.advance(byMilliseconds: 3_600_000)
        try emma.say("framtid", in: room)
        emma.clock.set(milliseconds: emma.clock.now - 3_600_000)
        let ahead = try emma.exported([room]).map { try SealedSegment(bytes: $0) }
        try bo.store.receive(ahead.map { .ops($0, []) })
        let early = try bo.say("nu", in: room)
        try relay.take(from: emma)
        try bo.store.receive(relay.told(room, after: before))
        let late = try bo.say("sedan", in: room)
        let times = try bo.store.read { db in
            try [early, late].map { try LogInspector(db).op($0)?.op.time.milliseconds ?? 0 }
        }
        #expect(times[0] < emma.clock.now + 1000)
        #expect(times[1] > emma.clock.now + 3_000_000)
    }

    @Test func `ST15: a reply stands after what it answers, though that is too far ahead to count`()
        throws
    {
        try relay.take(from: emma)
        try bo.store.receive(relay.told(room))
        emma.clock.advance(byMilliseconds: 3_600_000)
        let answered = try emma.say("framtid", in: room)
        emma.clock.set(milliseconds: emma.clock.now - 3_600_000)
        let ahead = try emma.exported([room]).map { try SealedSegment(bytes: $0) }
        try bo.store.receive(ahead.map { .ops($0, []) })
        let reply = try bo.say("svar", in: room, replyTo: answered.dot)
        // On the way to another device it keeps its stamp.
        try bo.store.seal([room])
        let times = try bo.store.read { db in
            try [answered, reply].map { try LogInspector(db).op($0)?.op.time ?? .zero }
        }
        #expect(times[0] < times[1])
        #expect(try Shown(room, in: bo).texts == ["framtid", "svar"])
    }

    @Test func `ST15 C3: a wrong clock is set right before anything is sealed`() throws {
        let clock = TestClock(milliseconds: 1_000_000_000_000)
        let lost = try TestStore(user: "omid", seed: 9, clock: clock)
        let room = try lost.makeRoom("Fel tid")
        let said = try lost.say("när?", in: room)
        try relay.meet(lost)
        _ = try lost.store.pending()
        let time = try lost.store.read { try LogInspector($0).op(said)?.op.time.milliseconds }
        #expect(time == emma.clock.now)
        let next = try lost.say("nu", in: room)
        let now = try lost.store.read { try LogInspector($0).op(next)?.op.time.milliseconds }
        #expect(now == emma.clock.now + 1000)
        try expectGood(lost)
    }

    @Test func `ST16 E1: nothing is erased while access below the delete is not certain`() throws {
        let said = try emma.say("bort", in: room)
        try relay.take(from: emma)
        try emma.say("mellan", in: room)
        try relay.take(from: emma)
        try emma.write([OpDraft(.delete, target: said.dot)], to: room)
        try relay.take(from: emma)
        let news = try relay.told(room)
        try bo.store.receive([news[0], news[1], news[3]])
        #expect(try Shown(room, in: bo).texts == [nil])
        #expect(try bo.store.verify().erasuresDone == 0)
        try bo.store.receive([.head(relay.head(of: room))])
        #expect(try bo.store.verify().erasuresDone == 1)
        try bo.store.receive([news[2]])
        #expect(try position(bo) == relay.position(of: room))
        try expectGood(bo)
    }

    @Test func `ST2: 1,024 ops are one commit, and a live one a fixed number of statements`()
        throws
    {
        try relay.take(from: emma)
        try bo.store.receive(relay.told(room))
        var counts: [Int] = []
        for batch in [1, 1023, 1, 1024, 1] {
            let before = relay.position(of: room)
            try emma.write(
                (0..<batch).map { OpDraft(.message, body: MessageBody(text: "\($0)").body) },
                to: room)
            try relay.take(from: emma)
            let news = try relay.told(room, after: before).dropFirst()
            let count = try WorkCount.ofWriting(bo.store) { try bo.store.receive(Array(news)) }
            #expect(count.commits == 1)
            if batch == 1 { counts.append(count.statements) }
        }
        #expect(counts[1] == counts[2])
        #expect(counts[2] <= 40, "\(counts)")
        let idle = try WorkCount.ofWriting(bo.store) { _ = try bo.store.pending() }
        #expect(idle.statements == 0)
    }
}
