import FikaCRDT
import FikaChat
import FikaLog

/// The held ops of one log, and what follows from them without asking who may.
struct ModelLog {
    /// Whether a replica has shown who it is.
    enum Presence {
        case absent
        case invalid
        case valid(Introduction)
    }

    let id: LogID
    let ops: [Dot: ModelOp]
    /// All of them, by dot.
    let inOrder: [ModelOp]
    /// Of each replica whose seq 1 is held, what that shows.
    private let presences: [ReplicaID: Presence]
    /// The chain values of each replica's ops from seq 1 up to the first gap.
    private let chains: [Dot: Digest]

    init(id: LogID, held: [HeldOp]) {
        self.id = id
        var ops: [Dot: ModelOp] = [:]
        for one in held where one.op.id.log == id {
            let known = ops[one.op.id.dot]?.held
            var merged = HeldOp(op: one.op, position: one.position ?? known?.position)
            if let known, known.op.body == nil { merged.op = known.op }
            ops[one.op.id.dot] = ModelOp(merged)
        }
        for (dot, op) in ops where op.kind == .imported {
            let second = ops[Dot(replica: dot.replica, seq: 2)]?.op
            guard let second, ChatKind(second.kind) == .importRun else { continue }
            ops[dot] = ModelOp(op.held, run: second)
        }
        self.ops = ops
        inOrder = ops.values.sorted { $0.dot < $1.dot }
        let first = inOrder.filter { $0.dot.seq == 1 }
        presences = Dictionary(
            uniqueKeysWithValues: first.map { ($0.dot.replica, Self.presence(from: $0, in: id)) })
        chains = Self.chains(of: inOrder, in: id)
    }

    func presence(of replica: ReplicaID) -> Presence {
        presences[replica] ?? .absent
    }

    private static func presence(from first: ModelOp, in id: LogID) -> Presence {
        guard case .says(.introduction(let introduction)) = first.body,
            introduction.replica == first.dot.replica
        else { return .invalid }
        if let preimage = introduction.preimage, Hashes.derivedLogID(preimage) != id {
            return .invalid
        }
        return .valid(introduction)
    }

    func introduction(of replica: ReplicaID) -> Introduction? {
        if case .valid(let introduction) = presence(of: replica) { return introduction }
        return nil
    }

    /// Whose device wrote the op; nil for relays and strangers.
    func user(of op: ModelOp) -> UserID? {
        introduction(of: op.dot.replica)?.user
    }

    /// What the log's id is derived from (rule M1).
    var preimage: LogPreimage? {
        for op in inOrder where op.dot.seq == 1 {
            if let preimage = introduction(of: op.dot.replica)?.preimage { return preimage }
        }
        return nil
    }

    /// The chain value at a replica's seq; nil unless all ops up to there are held.
    func chain(of replica: ReplicaID, through seq: UInt64) -> Digest? {
        seq == 0
            ? Hashes.chainStart(log: id, replica: replica)
            : chains[Dot(replica: replica, seq: seq)]
    }

    /// Rising ops give each chain in turn.
    private static func chains(of ops: [ModelOp], in id: LogID) -> [Dot: Digest] {
        var chains: [Dot: Digest] = [:]
        for op in ops {
            let replica = op.dot.replica
            let previous =
                op.dot.seq == 1
                ? Hashes.chainStart(log: id, replica: replica)
                : chains[Dot(replica: replica, seq: op.dot.seq - 1)]
            guard let previous else { continue }
            chains[op.dot] = Hashes.chain(after: previous, opHash: op.op.hash)
        }
        return chains
    }

    /// Whether the op's form alone keeps it from counting.
    func isMalformed(_ op: ModelOp) -> Bool {
        if case .malformed = op.body { return true }
        if op.kind == .introduction {
            if op.dot.seq != 1 { return true }
            if case .invalid = presence(of: op.dot.replica) { return true }
        }
        guard let origin = op.op.origin else { return false }
        return origin.dot == op.dot || ops[origin.dot]?.op.origin != nil
    }
}
