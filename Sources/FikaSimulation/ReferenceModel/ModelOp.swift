import FikaCRDT
import FikaChat
import FikaLog

/// One held op as the model looks at it: decoded once, with its point.
struct ModelOp {
    /// What the body says.
    enum Body {
        case unsupported
        case malformed
        /// The body of a salted kind was destroyed.
        case erased(ChatKind, residue: [UInt8])
        case says(ChatOp)
    }

    let held: HeldOp
    let point: ModelPoint
    let body: Body

    var op: Op { held.op }
    var dot: Dot { held.op.id.dot }
    var kind: ChatKind? { ChatKind(held.op.kind) }

    /// Orders writes to one register: by stamp, then seq.
    var write: ModelWrite { ModelWrite(stamp: op.stamp, seq: dot.seq) }

    /// Which of several copies of one op goes first: the first accepted, then the lowest dot.
    static func isEarlierCopy(_ left: ModelOp, _ right: ModelOp) -> Bool {
        let (first, second) = (left.held.position ?? .max, right.held.position ?? .max)
        return first != second ? first < second : left.dot < right.dot
    }

    /// Takes an op; `run` is the run op of a pending imported line, with which it is judged.
    init(_ held: HeldOp, run: Op? = nil) {
        self.held = held
        point = ModelPoint(held, run: run)
        body = Self.body(of: held.op)
    }

    private static func body(of op: Op) -> Body {
        guard let kind = ChatKind(op.kind) else { return .unsupported }
        guard op.time.isWellFormed else { return .malformed }
        if op.origin != nil, !canBeRehomed(kind) { return .malformed }
        if case .erased(_, let residue) = op.content {
            return kind.flags.contains(.salted) ? .erased(kind, residue: residue) : .malformed
        }
        guard let says = try? ChatOp.decode(op) else { return .malformed }
        return .says(says)
    }

    private static func canBeRehomed(_ kind: ChatKind) -> Bool {
        if kind.flags.contains(.access) { return false }
        return ![.void, .introduction, .importRun, .imported].contains(kind)
    }
}

/// The place of a write among all writes to one register.
struct ModelWrite: Hashable, Comparable {
    let stamp: Stamp
    let seq: UInt64

    static func < (left: ModelWrite, right: ModelWrite) -> Bool {
        left.stamp != right.stamp ? left.stamp < right.stamp : left.seq < right.seq
    }
}
