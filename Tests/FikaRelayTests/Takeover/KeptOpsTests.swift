import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaRelay
import FikaSync
import FikaTestSupport
import Testing

/// What is brought beside an order that is being filled.
@Suite struct KeptOpsTests {
    /// Emma has the head over all that was said; Omid went away before the last of it, and wrote.
    private struct Scene {
        var stage: RelayStage
        let emma: MemoryHolder
        var omid: MemoryHolder
        let room: LogID
        /// The relay's log when Omid went away.
        let early: MemoryRelayLog

        init() throws {
            stage = try RelayStage()
            let omidsID = try #require(UserID("omid"))
            let emmas = try stage.connect(stage.newHolder("emma", seed: 1))
            let omids = try stage.connect(stage.newHolder("omid", seed: 2))
            let room = try stage.write(emmas) { holder in
                let room = holder.makeRoom("Fika")
                holder.grant(omidsID, in: room)
                return room
            }
            _ = try stage.write(omids) { $0.say("Semlor!", in: room) }
            try stage.tick(after: 2000)
            early = stage.core.storage
            omid = try stage.disconnect(omids)
            omid.say("into the dark", in: room)
            _ = try omid.pending()
            _ = try stage.write(emmas) { $0.say("Tårta!", in: room) }
            try stage.tick(after: 2000)
            emma = try stage.disconnect(emmas)
            self.room = room
        }

        /// Somebody shows Emma's head, and has nothing of what it covers.
        mutating func showHead(from id: ConnectionID) throws {
            let head = try #require(emma.haves(of: room).head)
            try stage.send([.haves(Haves(log: room, head: head, replicas: []))], from: id)
        }

        /// All that Omid's device wrote.
        func omids() throws -> [SealedSegment] {
            let own = try #require(
                omid.log.replicas(of: room).first { replica in
                    omid.log.card(of: replica, in: room)?.introduction.user == omid.user
                })
            return try omid.segments(
                of: room, ranges: [ReplicaRange(replica: own, seqs: 1...3)], withCards: true)
        }

        func accepted(_ user: UserID?) -> UInt64? {
            let log = stage.core.storage
            return log.acceptedReplicas(of: room).first {
                log.card(of: $0.replica, in: room)?.introduction.user == user
            }?.last
        }
    }

    @Test func `C3: what was kept is let in or refused for those who brought it`() throws {
        var scene = try Scene()
        try scene.stage.restart(with: MemoryRelayLog(), seed: 70)
        let stranger = try scene.stage.join("åsa")
        try scene.showHead(from: stranger)
        let bringer = try scene.stage.join("omid", seed: 6)
        try scene.showHead(from: bringer)
        var åsas = TestReplica(seed: 8, log: scene.room, user: "åsa")
        åsas.write("let me in")
        try scene.stage.upload(scene.omids() + åsas.segments, from: bringer)
        _ = scene.stage.hear(stranger)
        _ = scene.stage.hear(bringer)
        _ = try scene.stage.connect(scene.emma)
        #expect(!scene.stage.transcript(stranger).contains("refusal"))
        let heard = scene.stage.hear(bringer).compactMap { frame -> ReplicaID? in
            if case .refusal(let refusal) = frame { refusal.replica } else { nil }
        }
        #expect(heard == [åsas.id])
        #expect(scene.accepted(scene.omid.user) == 3)
    }

    @Test func `C3: who is in again by what was kept is not told that it is over`() throws {
        var scene = try Scene()
        let (room, omid) = (scene.room, scene.omid.user)
        try scene.stage.restart(with: scene.early, seed: 70)
        let emmas = try scene.stage.connect(scene.stage.newHolder("emma", seed: 1))
        let omids = try scene.stage.connect(scene.stage.newHolder("omid", seed: 3))
        let leave = try scene.stage.write(omids) { $0.write(.leave, body: [], in: room) }
        try scene.stage.tick(after: 2000)
        let emma = try scene.stage.disconnect(emmas)
        _ = try scene.stage.disconnect(omids)
        var later = emma
        let grant = Grant(user: omid, role: .member, leave: leave.id.dot)
        later.write(.grant, body: grant.body, in: room)
        _ = try later.pending()
        try scene.stage.restart(with: MemoryRelayLog(), seed: 70)
        let tablet = try scene.stage.join("omid", seed: 9)
        let bringer = try scene.stage.join("emma", seed: 6)
        let head = try #require(emma.haves(of: room).head)
        try scene.stage.send(
            [.haves(Haves(log: room, head: head, replicas: []))], from: bringer)
        let ranges = later.haves(of: room).replicas.map { entry in
            ReplicaRange(replica: entry.replica, seqs: entry.intervals[0].seqs)
        }
        let segments = try later.segments(of: room, ranges: ranges, withCards: true)
        try scene.stage.upload(segments, from: bringer)
        _ = scene.stage.hear(tablet)
        _ = try scene.stage.connect(emma)
        let heard = scene.stage.transcript(tablet)
        #expect(heard.contains("follows"))
        #expect(!heard.contains("ended"), "\(heard)")
    }

    @Test func `C1: what is kept without a position is brought again`() throws {
        var scene = try Scene()
        try scene.stage.restart(with: scene.early, seed: 70)
        // The first one proves that something is lost; all have to come again.
        try scene.showHead(from: scene.stage.join("emma"))
        let bringer = try scene.stage.join("emma", seed: 6)
        try scene.showHead(from: bringer)
        try scene.stage.upload(scene.omids(), from: bringer)
        scene.stage.core.closed(bringer)
        for _ in 0..<61 { try scene.stage.tick(after: 10000) }
        #expect(scene.accepted(scene.omid.user) == 2, "nobody is there for whom to judge it")
        let omids = try scene.stage.connect(scene.omid)
        #expect(scene.accepted(scene.omid.user) == 3)
        var omid = try scene.stage.holder(omids)
        #expect(try omid.pending().isEmpty)
    }
}
