import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaRelay
import FikaSimulation
import FikaSync
import FikaTestSupport
import Testing

/// A relay that lost its log went on from a short head before the long one is brought.
@Suite struct SecondOrderTests {
    /// Emma let Åsa in, Åsa spoke, Emma put her out: only Emma's phone has the head over that.
    private struct Scene {
        var stage: RelayStage
        let emma: MemoryHolder
        let room: LogID
        let åsa: UserID
        /// Of Omid's tablet, which went to sleep before and was the first that came back.
        let tablet: ConnectionID

        init() throws {
            stage = try RelayStage()
            let omid = try #require(UserID("omid"))
            let åsa = try #require(UserID("åsa"))
            let emmas = try stage.connect(stage.newHolder("emma", seed: 1))
            let room = try stage.write(emmas) { holder in
                let room = holder.makeRoom("Fika")
                holder.grant(omid, in: room)
                return room
            }
            let omids = try stage.connect(stage.newHolder("omid", seed: 2))
            try stage.tick(after: 2000)
            let sleeping = try stage.disconnect(omids)
            let åsas = try stage.connect(stage.newHolder("åsa", seed: 3))
            let grant = try stage.write(emmas) { $0.grant(åsa, in: room) }
            _ = try stage.write(åsas) { $0.say("Hej!", in: room) }
            _ = try stage.write(emmas) {
                let revoke = ChatOp.revoke(grant.id.dot)
                $0.write(.revoke, target: revoke.target, body: revoke.body, in: room)
            }
            try stage.tick(after: 2000)
            emma = try stage.disconnect(emmas)
            _ = try stage.disconnect(åsas)
            try stage.restart(with: MemoryRelayLog(), seed: 70)
            tablet = try stage.connect(sleeping)
            _ = try stage.write(tablet) { $0.say("Anybody here?", in: room) }
            self.room = room
            self.åsa = åsa
        }

        func texts(_ holder: MemoryHolder) -> [String] {
            holder.ops(of: room).filter { $0.kind == ChatKind.message.kind }.compactMap { op in
                guard case .message(let body, _)? = try? ChatOp.decode(op) else { return nil }
                return body.text
            }.sorted()
        }
    }

    @Test func `S4: a second order is appended as it was, whoever is out by now`() throws {
        var scene = try Scene()
        let room = scene.room
        let before = try #require(scene.stage.core.storage.order(of: room)).position
        let emmas = try scene.stage.connect(scene.emma)
        let emma = try scene.stage.holder(emmas)
        let omid = try scene.stage.holder(scene.tablet)
        #expect(scene.texts(emma) == ["Anybody here?", "Hej!"])
        #expect(scene.texts(omid) == ["Anybody here?", "Hej!"])
        #expect(Set(emma.ops(of: room)) == Set(omid.ops(of: room)))
        let order = try #require(scene.stage.core.storage.order(of: room))
        #expect(order.position > before)
        #expect(emma.cursor(of: room)?.position == order.position)
        #expect(emma.cursor(of: room) == omid.cursor(of: room))
        #expect(!emma.mayRead(room, scene.åsa))
        for op in emma.ops(of: room) {
            #expect(
                emma.placements(in: room, positions: 1...order.position).contains {
                    $0.replica == op.id.dot.replica && $0.seq <= op.id.dot.seq
                        && op.id.dot.seq <= $0.lastSeq
                })
        }
    }

    @Test func `C3: what lies under a close is appended after it`() throws {
        var scene = try Scene()
        let room = scene.room
        let held = scene.emma
        func replica(of user: UserID?) throws -> ReplicaID {
            try #require(
                held.log.replicas(of: room).first {
                    held.log.card(of: $0, in: room)?.introduction.user == user
                })
        }
        func accepted(_ replica: ReplicaID) -> AcceptedReplica? {
            scene.stage.core.storage.acceptedReplicas(of: room).first { $0.replica == replica }
        }
        // Of what Åsa said the beginning comes before the relay's word on how far it counts.
        let åsas = try replica(of: scene.åsa)
        let ranges = [
            ReplicaRange(replica: try replica(of: held.user), seqs: 1...4),
            ReplicaRange(replica: åsas, seqs: 1...1),
            ReplicaRange(replica: try replica(of: nil), seqs: 1...2),
        ]
        let guest = try scene.stage.join("emma")
        for range in ranges {
            let segments = try held.segments(of: room, ranges: [range], withCards: true)
            try scene.stage.upload(segments, from: guest)
        }
        #expect(accepted(åsas)?.closedAt == 2)
        #expect(accepted(åsas)?.last == 1)
        _ = try scene.stage.connect(held)
        #expect(accepted(åsas)?.last == 2)
    }

    @Test func `C3 R7: whoever was let in by what was lost hears that they are out`() throws {
        var stage = try RelayStage()
        let åsa = try #require(UserID("åsa"))
        let phone = try stage.connect(stage.newHolder("emma", seed: 1))
        let room = try stage.write(phone) { $0.makeRoom("Fika") }
        let desk = try stage.connect(stage.newHolder("emma", seed: 2))
        try stage.tick(after: 2000)
        let sleeping = try stage.disconnect(desk)
        _ = try stage.write(phone) { $0.grant(åsa, in: room) }
        let åsas = try stage.connect(stage.newHolder("åsa", seed: 3))
        _ = try stage.write(åsas) { $0.say("Hej!", in: room) }
        try stage.tick(after: 2000)
        _ = try stage.disconnect(phone)
        let left = try stage.disconnect(åsas)
        try stage.restart(with: MemoryRelayLog(), seed: 70)
        // Åsa's grant lies beyond the close of the replica that made the room.
        let first = try stage.connect(sleeping)
        _ = try stage.write(first) { $0.write(.leave, body: [], in: room) }
        let second = try stage.connect(left)
        let said = try stage.write(second) { $0.say("Anybody here?", in: room) }
        var holder = try stage.holder(second)
        #expect(holder.kept == [said])
        #expect(try holder.pending().isEmpty)
    }

    @Test func `C3: what of a second order is not proven goes through the door`() throws {
        var scene = try Scene()
        let room = scene.room
        let head = try #require(scene.emma.haves(of: room).head)
        let guest = try scene.stage.join("emma")
        let haves = Haves(log: room, head: head, replicas: [])
        try scene.stage.send([.haves(haves)], from: guest)
        let ranges = scene.emma.haves(of: room).replicas.map { entry in
            ReplicaRange(replica: entry.replica, seqs: entry.intervals[0].seqs)
        }
        let segments = try scene.emma.segments(of: room, ranges: ranges, withCards: true)
        try scene.stage.upload(segments, from: guest)
        let before = try #require(scene.stage.core.storage.order(of: room)).position
        #expect(scene.texts(try scene.stage.holder(scene.tablet)) == ["Anybody here?"])
        // The placements never come.
        for _ in 0..<7 {
            try scene.stage.tick(after: 10000)
            try scene.stage.send([.ping(1)], from: guest)
        }
        #expect(scene.stage.core.storage.order(of: room)?.position ?? 0 > before)
        // Asked once, a connection is not asked again.
        _ = scene.stage.hear(guest)
        try scene.stage.send([.haves(haves)], from: guest)
        let answers = scene.stage.hear(guest).compactMap { frame -> Haves? in
            if case .haves(let haves) = frame { haves } else { nil }
        }
        #expect(answers.map(\.head?.epoch) == [scene.stage.core.epoch])
    }
}
