import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaRelay
import FikaSync
import FikaTestSupport
import Testing

/// Lose the relay, lose nothing: real client sessions fill a relay that lost its log.
@Suite struct WipedRelayTests {
    /// Emma and Omid have talked, both have the head over all of it, and the relay's log is at an
    /// earlier state, or gone.
    private struct Scene {
        var stage: RelayStage
        var emma: MemoryHolder
        var omid: MemoryHolder
        let room: LogID
        /// The relay's log when half of it was said.
        let early: MemoryRelayLog

        init() throws {
            stage = try RelayStage()
            let omidsID = try #require(UserID("omid"))
            let emmas = try stage.connect(stage.newHolder("emma", seed: 1))
            let omids = try stage.connect(stage.newHolder("omid", seed: 2))
            room = try stage.write(emmas) { holder in
                let room = holder.makeRoom("Fika")
                holder.grant(omidsID, in: room)
                holder.say("Kanelbullar?", in: room)
                return room
            }
            let room = room
            try stage.tick(after: 2000)
            early = stage.core.storage
            _ = try stage.write(omids) { $0.say("Semlor!", in: room) }
            _ = try stage.write(emmas) { $0.say("Tårta!", in: room) }
            try stage.tick(after: 2000)
            emma = try stage.disconnect(emmas)
            omid = try stage.disconnect(omids)
        }

        func expectSame(_ left: MemoryHolder, _ right: MemoryHolder, count: Int) throws {
            #expect(left.ops(of: room).count == count)
            #expect(Set(left.ops(of: room)) == Set(right.ops(of: room)))
            #expect(left.cursor(of: room) == right.cursor(of: room))
            let order = try #require(stage.core.storage.order(of: room))
            #expect(order.reserved == nil)
            #expect(
                left.cursor(of: room)
                    == Cursor(position: order.position, running: order.running))
        }
    }

    @Test func `S4: a wiped relay is filled again, and every op keeps its position`() throws {
        var scene = try Scene()
        let room = scene.room
        let before = scene.emma.placements(in: room, positions: 1...100)
        try scene.stage.restart(with: MemoryRelayLog(), seed: 70)
        let emmas = try scene.stage.connect(scene.emma)
        #expect(try scene.stage.holder(emmas).placements(in: room, positions: 1...100) == before)
        let omids = try scene.stage.connect(scene.omid)
        _ = try scene.stage.write(omids) { $0.say("still here", in: room) }
        try scene.expectSame(
            scene.stage.holder(emmas), scene.stage.holder(omids),
            count: before.reduce(1) { $0 + Int($1.count) })
    }

    @Test func `S4: what was written while the relay was away comes after the old order`() throws {
        var scene = try Scene()
        let room = scene.room
        scene.emma.say("into the dark", in: room)
        scene.omid.say("me, too", in: room)
        try scene.stage.restart(with: MemoryRelayLog(), seed: 70)
        let emmas = try scene.stage.connect(scene.emma)
        let omids = try scene.stage.connect(scene.omid)
        let left = try scene.stage.holder(emmas)
        try scene.expectSame(left, scene.stage.holder(omids), count: left.ops(of: room).count)
        let said = left.ops(of: room).filter { $0.kind == ChatKind.message.kind }
        #expect(said.count == 5)
    }

    @Test func `S4: a new device gets all of it from the relay that was filled`() throws {
        var scene = try Scene()
        try scene.stage.restart(with: MemoryRelayLog(), seed: 70)
        let emmas = try scene.stage.connect(scene.emma)
        let tablet = try scene.stage.connect(scene.stage.newHolder("omid", seed: 9))
        let left = try scene.stage.holder(emmas)
        try scene.expectSame(
            left, scene.stage.holder(tablet), count: left.ops(of: scene.room).count)
    }

    @Test func `S4: who came before a log was filled again is told of it then`() throws {
        var scene = try Scene()
        try scene.stage.restart(with: MemoryRelayLog(), seed: 70)
        let tablet = try scene.stage.connect(scene.stage.newHolder("omid", seed: 9))
        let emmas = try scene.stage.connect(scene.emma)
        let left = try scene.stage.holder(emmas)
        try scene.expectSame(
            left, scene.stage.holder(tablet), count: left.ops(of: scene.room).count)
    }

    @Test func `S4: who is in no more by what was filled later is told so`() throws {
        var scene = try Scene()
        let room = scene.room
        let emmas = try scene.stage.connect(scene.emma)
        let tablet = try scene.stage.connect(scene.stage.newHolder("omid", seed: 9))
        _ = try scene.stage.write(tablet) { $0.write(.leave, body: [], in: room) }
        try scene.stage.tick(after: 2000)
        scene.emma = try scene.stage.disconnect(emmas)
        _ = try scene.stage.disconnect(tablet)
        try scene.stage.restart(with: MemoryRelayLog(), seed: 70)
        let phone = try scene.stage.connect(scene.omid)
        #expect(try scene.stage.holder(phone).ended.isEmpty, "it knows of no leave")
        _ = try scene.stage.connect(scene.emma)
        #expect(try scene.stage.holder(phone).ended == [room])
    }

    @Test func `S5: a head that the relay lost begins a new epoch, and the rest is filled`() throws
    {
        var scene = try Scene()
        let room = scene.room
        try scene.stage.restart(with: scene.early, seed: 70)
        let epoch = scene.stage.core.epoch
        let first = try scene.stage.connect(scene.emma)
        #expect(scene.stage.core.epoch != epoch)
        let emma = try scene.stage.disconnect(first)
        let emmas = try scene.stage.connect(emma)
        let omids = try scene.stage.connect(scene.omid)
        _ = try scene.stage.write(emmas) { $0.say("again", in: room) }
        let left = try scene.stage.holder(emmas)
        try scene.expectSame(left, scene.stage.holder(omids), count: left.ops(of: room).count)
        #expect(left.ops(of: room).filter { $0.kind == ChatKind.message.kind }.count == 4)
    }

    @Test func `S4 S5: an order longer than what was given before the loss was known is appended`()
        throws
    {
        var scene = try Scene()
        let room = scene.room
        try scene.stage.restart(with: scene.early, seed: 70)
        let tablet = try scene.stage.connect(scene.stage.newHolder("omid", seed: 9))
        _ = try scene.stage.write(tablet) { $0.say("Where is everybody?", in: room) }
        try scene.stage.tick(after: 2000)
        let first = try scene.stage.connect(scene.emma)
        let emma = try scene.stage.disconnect(first)
        let omid = try scene.stage.disconnect(tablet)
        let emmas = try scene.stage.connect(emma)
        let tablets = try scene.stage.connect(omid)
        _ = try scene.stage.write(emmas) { $0.say("again", in: room) }
        let left = try scene.stage.holder(emmas)
        try scene.expectSame(left, scene.stage.holder(tablets), count: left.ops(of: room).count)
        #expect(left.ops(of: room).filter { $0.kind == ChatKind.message.kind }.count == 5)
        let phone = try scene.stage.connect(scene.omid)
        try scene.expectSame(
            scene.stage.holder(tablets), scene.stage.holder(phone),
            count: left.ops(of: room).count)
    }

    /// Emma's six ops, and what shows a relay that has nothing of them a head over all.
    private static func knownByHead() throws -> (RelayStage, TestReplica, Haves) {
        let stage = try RelayStage()
        var emma = TestReplica.founder()
        emma.write(upTo: 6)
        let start = RunningHash.start(log: emma.log)
        let head = Head.signed(
            log: emma.log, epoch: Epoch(raw: 1), position: 6, running: start, access: start,
            by: stage.relayKey)
        return (stage, emma, Haves(log: emma.log, head: head, replicas: []))
    }

    @Test func `C3: who brings no head waits, also with ops of whom the relay does not know`()
        throws
    {
        let (scene, replica, haves) = try Self.knownByHead()
        var (stage, emma) = (scene, replica)
        let ends = [try stage.join("emma"), try stage.join("emma", seed: 6)]
        try stage.send([.haves(haves)], from: ends[0])
        _ = emma.handOver()
        emma.write("Tårta!")
        _ = stage.hear(ends[1])
        try stage.upload(emma.handOver(), from: ends[1])
        #expect(stage.transcript(ends[1]).hasPrefix("refusal(wait"))
        #expect(stage.clients[ends[1]]?.isClosed == false)
    }

    @Test func `C2: a brief is taken that follows what another end has brought by now`() throws {
        let (scene, replica, haves) = try Self.knownByHead()
        var (stage, emma) = (scene, replica)
        let ends = [try stage.join("emma"), try stage.join("emma", seed: 6)]
        for end in ends { try stage.send([.haves(haves)], from: end) }
        let batches = emma.handOver().map {
            Frame.batch(Batch(log: emma.log, placements: [], segment: $0.bytes))
        }
        try stage.send(batches, from: ends[0])
        let op = emma.write("Tårta!")
        let base = try #require(stage.clients[ends[1]]?.welcome).base
        let brief = try #require(
            Brief(
                op, seal: emma.seal(at: emma.last).signature, base: base, names: NameTable(),
                position: 0, acceptedAt: 0))
        _ = stage.hear(ends[1])
        try stage.send(batches + [.brief(brief)], from: ends[1])
        #expect(stage.transcript(ends[1]) == "")
        let have = stage.core.storage.have(of: emma.id, in: emma.log)
        #expect(have.intervals.map(\.last) == [7])
    }

    @Test func `an order that nobody can fill goes on after ten minutes`() throws {
        var scene = try Scene()
        let room = scene.room
        try scene.stage.restart(with: MemoryRelayLog(), seed: 70)
        // Only somebody comes who has lost the texts, but brings the head.
        let head = try #require(scene.emma.haves(of: room).head)
        let guest = try scene.stage.join("emma")
        try scene.stage.send([.haves(Haves(log: room, head: head, replicas: []))], from: guest)
        #expect(scene.stage.core.storage.order(of: room)?.reserved == head)
        for _ in 0..<61 { try scene.stage.tick(after: 10000) }
        #expect(scene.stage.core.storage.order(of: room)?.reserved == nil)
        let emmas = try scene.stage.connect(scene.emma)
        let omids = try scene.stage.connect(scene.omid)
        let left = try scene.stage.holder(emmas)
        try scene.expectSame(left, scene.stage.holder(omids), count: left.ops(of: room).count)
    }
}
