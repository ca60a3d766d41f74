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

    init(id: LogID, held: [HeldOp]) {
        self.id = id
        var ops: [Dot: ModelOp] = [:]
        for one in held where one.op.id.log == id {
            let known = ops[one.op.id.dot]?.held
            var merged = HeldOp(op: one.op, position: one.position ?? known?.position)
            if let known, known.op.body == nil { merged.op = known.op }
            ops[one.op.id.dot] = ModelOp(merged)
        }
        self.ops = ops
        inOrder = ops.values.sorted { $0.dot < $1.dot }
    }

    func presence(of replica: ReplicaID) -> Presence {
        guard let first = ops[Dot(replica: replica, seq: 1)] else { return .absent }
        guard case .says(.introduction(let introduction)) = first.body,
            introduction.replica == replica
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
        var value = Hashes.chainStart(log: id, replica: replica)
        var next: UInt64 = 1
        while next <= seq {
            guard let op = ops[Dot(replica: replica, seq: next)] else { return nil }
            value = Hashes.chain(after: value, opHash: op.op.hash)
            next += 1
        }
        return value
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
