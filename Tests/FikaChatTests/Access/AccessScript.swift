import FikaChat
import FikaCRDT
import FikaLog
import FikaTestSupport

/// Writes access ops one after the other; Ann makes the room.
struct AccessScript {
    static let nonce = [UInt8](repeating: 7, count: 16)

    let fold: AccessFold
    private(set) var ops: [AccessOp] = []
    private(set) var position: UInt64 = 0
    private var seqs: [ReplicaID: UInt64] = [:]

    init(
        log: LogID = Hashes.roomLogID(creator: Writer.ann.key, nonce: nonce),
        preimage: LogPreimage? = nil
    ) {
        fold = AccessFold(log: log, preimage: preimage, trustedRelays: [Writer.relay.key])
    }

    /// A room that Ann made at position 1.
    static func room(_ kind: RoomKind = .room) -> AccessScript {
        var script = AccessScript()
        script.accept(.ann, creation(kind))
        return script
    }

    static func creation(_ kind: RoomKind = .room) -> ChatOp {
        .create(
            Creation(
                kind: kind, workspace: WorkspaceID(high: 1, low: 1), nonce: nonce, name: "Fika"))
    }

    var history: AccessHistory { fold.history(of: ops) }

    /// Adds an op at the next position.
    @discardableResult
    mutating func accept(
        _ writer: Writer, _ content: ChatOp, closesOtherBranch: Bool = false
    ) -> Dot {
        position += 1
        return add(writer, content, at: .accepted(position), closesOtherBranch)
    }

    /// Adds an op without a position.
    @discardableResult
    mutating func pend(_ writer: Writer, at milliseconds: UInt64, _ content: ChatOp) -> Dot {
        let time = HybridTime(milliseconds: milliseconds)
        return add(
            writer, content, at: .pending(Stamp(time: time, replica: writer.replica)), false)
    }

    private mutating func add(
        _ writer: Writer, _ content: ChatOp, at point: AccessPoint, _ closesOtherBranch: Bool
    ) -> Dot {
        seqs[writer.replica, default: 1] += 1
        let dot = Dot(replica: writer.replica, seq: seqs[writer.replica] ?? 0)
        ops.append(
            AccessOp(
                point: point, dot: dot, author: writer.author, content: content,
                closesOtherBranch: closesOtherBranch))
        return dot
    }
}

/// A grant's op.
func grant(_ name: String, _ role: Role = .member, after leave: Dot? = nil) -> ChatOp {
    .grant(Grant(user: user(name), role: role, leave: leave))
}

extension AccessHistory {
    /// Those who are in, moderators with a star.
    var names: [String] { members.map { $0.user.text + ($0.role == .moderator ? "*" : "") } }
}
