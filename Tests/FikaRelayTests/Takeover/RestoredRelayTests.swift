import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaRelay
import FikaSimulation
import FikaTestSupport
import Testing

/// A relay's log is put back to an earlier state without its noticing, and it writes in it.
@Suite struct RestoredRelayTests {
    /// Emma's two devices are in a room with three others, each of whom has said something.
    private struct Scene {
        var stage: RelayStage
        let room: LogID
        let laptop: ConnectionID
        let tablet: ConnectionID
        private let grants: [Dot]

        init() throws {
            var stage = try RelayStage()
            let others = try ["omid", "lina", "karl"].map { try #require(UserID($0)) }
            laptop = try stage.connect(stage.newHolder("emma", seed: 1))
            tablet = try stage.connect(stage.newHolder("emma", seed: 2))
            let (room, grants) = try stage.write(laptop) { holder in
                let room = holder.makeRoom("Fika")
                return (room, others.map { holder.grant($0, in: room).id.dot })
            }
            for (index, user) in others.enumerated() {
                let holder = try stage.newHolder(user.text, seed: 3 + UInt64(index))
                let id = try stage.connect(holder)
                _ = try stage.write(id) { $0.say("Semlor!", in: room) }
                _ = try stage.disconnect(id)
            }
            self.stage = stage
            self.room = room
            self.grants = grants
        }

        /// Emma removes one of the others: the relay closes what that one wrote as.
        mutating func remove(_ index: Int, from id: ConnectionID) throws {
            let room = room
            let grant = grants[index]
            _ = try stage.write(id) { $0.write(.revoke, target: grant, body: [], in: room) }
            try stage.tick(after: 2000)
        }

        /// As which replicas the relay closed, by position.
        func closers(_ id: ConnectionID) throws -> [ReplicaID] {
            try stage.holder(id).ops(of: room).filter { $0.kind == ChatKind.close.kind }
                .map(\.id.dot.replica)
        }
    }

    @Test func `C5: it closes as another replica than in what it lost`() throws {
        var scene = try Scene()
        try scene.remove(0, from: scene.laptop)
        let early = scene.stage.core.storage
        let tablet = try scene.stage.disconnect(scene.tablet)
        try scene.remove(1, from: scene.laptop)
        let laptop = try scene.stage.disconnect(scene.laptop)

        try scene.stage.restart(with: early, seed: 70)
        let tablets = try scene.stage.connect(tablet)
        try scene.remove(2, from: tablets)
        #expect(try Set(scene.closers(tablets)).count == 2, "one for each time that it started")
        let proving = try scene.stage.connect(laptop)
        #expect(scene.stage.clients[proving]?.isClosed == true, "the loss is proved")

        let left = try scene.stage.connect(scene.stage.disconnect(proving))
        let right = try scene.stage.connect(scene.stage.disconnect(tablets))
        let room = scene.room
        let ops = try scene.stage.holder(left).ops(of: room)
        #expect(try Set(ops) == Set(scene.stage.holder(right).ops(of: room)))
        let closed = try ops.compactMap { op -> ReplicaID? in
            guard case .close(let close) = try ChatOp.decode(op) else { return nil }
            return close.replica
        }
        #expect(Set(closed).count == 3, "whoever was removed is out")
    }
}
