import FikaCRDT
import FikaChat
import FikaLog

import FikaRelay

/// What the relay has in the end, and who may read it: what the clients are compared with.
struct WorldOutcome {
    struct Room {
        let log: LogID
        let order: LogOrder
        /// By rising position.
        let ops: [HeldOp]
        let result: ModelResult
        /// Who is in now, as the model judges it.
        let readers: [UserID]
        /// Whom any op ever named as somebody to let in.
        let everNamed: Set<UserID>
        /// Who introduced themselves as which replica.
        let authors: [ReplicaID: Introduction]

        var digest: Digest { StateDigest.digest(of: result.state) }
    }

    let rooms: [Room]
    let relayKey: PublicKey

    init(_ world: World) throws {
        relayKey = world.relay.key.publicKey
        let relay = world.relay.log
        let key = relayKey
        rooms = try relay.orders().map { try Self.room($0, relay, key) }
    }

    func room(_ log: LogID) -> Room? { rooms.first { $0.log == log } }

    /// The clients that must have all of a room.
    func readers(of room: Room, in world: World) -> [WorldClient] {
        world.clients.filter { !$0.isMalicious && room.readers.contains($0.device.user) }
    }

    /// Whether an op is of a device that forges.
    func isForger(_ replica: ReplicaID, in room: Room, of world: World) -> Bool {
        let key = room.authors[replica]?.publicKey
        return world.clients.contains { client in
            (client.isMalicious || client.index == world.plan.forger)
                && client.holder.key.publicKey == key
        }
    }

    private static func room(
        _ order: LogOrder, _ relay: WorldRelayLog, _ key: PublicKey
    ) throws -> Room {
        let log = order.log
        var held: [HeldOp] = []
        let placed =
            order.position == 0
            ? [] : try relay.placements(in: log, positions: 1...order.position, limit: .max)
        for placement in placed.map(\.placement) {
            let ops = try relay.ops(
                of: placement.replica, in: log, seqs: placement.seq...placement.lastSeq)
            for op in ops {
                held.append(
                    HeldOp(
                        op: op, position: placement.position + op.id.dot.seq - placement.seq))
            }
        }
        let result = model(of: log, held, trusting: key)
        let authors = authors(in: held)
        return Room(
            log: log, order: order, ops: held, result: result,
            readers: result.state.members.map(\.user), everNamed: named(in: held, by: authors),
            authors: authors)
    }

    private static func authors(in held: [HeldOp]) -> [ReplicaID: Introduction] {
        var authors: [ReplicaID: Introduction] = [:]
        for op in held.map(\.op) where op.id.dot.seq == 1 {
            guard case .introduction(let introduction)? = try? ChatOp.decode(op) else { continue }
            authors[op.id.dot.replica] = introduction
        }
        return authors
    }

    static func model(of log: LogID, _ held: [HeldOp], trusting key: PublicKey) -> ModelResult {
        ReferenceModel.result(
            of: ModelInput(
                log: log, ops: held, trustedRelays: [key], viewer: UserID.nobody, personal: []))
    }

    private static func named(
        in held: [HeldOp], by authors: [ReplicaID: Introduction]
    ) -> Set<UserID> {
        var users = Set(authors.values.flatMap { $0.preimage?.users ?? [] })
        for op in held.map(\.op) {
            if op.kind == ChatKind.create.kind, let user = authors[op.id.dot.replica]?.user {
                users.insert(user)
            }
            guard case .grant(let grant)? = try? ChatOp.decode(op) else { continue }
            users.insert(grant.user)
        }
        return users
    }
}

extension UserID {
    /// Looks at a log without having anything of their own in it.
    static var nobody: UserID {
        guard let user = UserID("nobody") else { preconditionFailure("a name is a user") }
        return user
    }
}

extension MemoryHolder {
    /// All ops of a log with the positions that this holder knows.
    func heldOps(of log: LogID) -> [HeldOp] {
        ops(of: log).map { HeldOp(op: $0, position: orders[log]?.position(of: $0.id.dot)) }
    }
}
