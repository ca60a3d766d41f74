import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog
import FikaTestSupport
import Testing

/// What scripted people write, op by op.
extension TestReplica {
    /// The maker of a room, with its create.
    static func founder(
        _ user: String = "emma", seed: UInt64 = 11, kind: RoomKind = .room,
        workspace: WorkspaceID = WorkspaceID(high: 1, low: 1)
    ) -> TestReplica {
        var generator = SplitMix64(seed: seed)
        let key = DeviceKey(using: &generator)
        let nonce = [UInt8](repeating: UInt8(truncatingIfNeeded: seed), count: 16)
        let log = Hashes.roomLogID(creator: key.publicKey, nonce: nonce)
        var founder = TestReplica(seed: seed, log: log, user: user)
        let creation = Creation(kind: kind, workspace: workspace, nonce: nonce, name: "Fika")
        founder.write(ChatKind.create.kind, body: creation.body)
        return founder
    }

    @discardableResult
    mutating func grant(_ user: String, role: Role = .member) throws -> Op {
        let user = try #require(UserID(user))
        return write(ChatKind.grant.kind, body: Grant(user: user, role: role).body)
    }

    @discardableResult
    mutating func revoke(_ grant: Op) -> Op {
        write(ChatKind.revoke.kind, body: [], target: grant.id.dot)
    }

    @discardableResult
    mutating func delete(_ target: Op) -> Op {
        write(ChatKind.delete.kind, body: [], target: target.id.dot)
    }
}
