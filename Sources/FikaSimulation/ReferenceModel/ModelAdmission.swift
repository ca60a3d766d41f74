import FikaCRDT
import FikaChat
import FikaLog

/// Which ops access lets in at their own point, before their targets are looked at (rule M2).
struct ModelAdmission {
    let log: ModelLog
    let fold: ModelFold
    /// The fold over all access ops.
    let access: ModelAccess
    /// What became of those that were not admitted.
    private(set) var outcomes: [Dot: ModelOutcome] = [:]
    /// Why those beyond a close were set aside.
    private(set) var refusals: [Dot: CloseReason] = [:]
    /// The content ops that were admitted, by dot.
    private(set) var admitted: [ModelOp] = []

    init(log: ModelLog, trustedRelays: Set<PublicKey>) {
        self.log = log
        fold = ModelFold(log: log, trustedRelays: trustedRelays)
        access = fold.access()
        for op in log.inOrder { judge(op) }
    }

    func isAdmitted(_ dot: Dot) -> Bool {
        admitted.contains { $0.dot == dot }
    }

    private mutating func judge(_ op: ModelOp) {
        let there = fold.access(below: op.point)
        if let close = there.closesBelow(op.dot).first {
            refusals[op.dot] = close.reason
        }
        if op.kind?.flags.contains(.access) == true {
            outcomes[op.dot] = access.outcomes[op.dot]
        } else if let outcome = outcome(op, under: there) {
            outcomes[op.dot] = outcome
        } else {
            admitted.append(op)
        }
    }

    /// Nil when the op is admitted.
    private func outcome(_ op: ModelOp, under there: ModelAccess) -> ModelOutcome? {
        if !there.closesBelow(op.dot).isEmpty { return .setAside }
        guard let kind = op.kind else { return .unsupported }
        if log.isMalformed(op) { return .ignored }
        if kind == .void || kind == .introduction { return .silent }
        switch log.presence(of: op.dot.replica) {
        case .absent:
            return .waiting
        case .invalid:
            return .ignored
        case .valid(let introduction):
            guard let user = introduction.user else { return .ignored }
            return may(user, kind, there) ? nil : .ignored
        }
    }

    /// Rule F9.
    private func may(_ user: UserID, _ kind: ChatKind, _ access: ModelAccess) -> Bool {
        guard let role = access.role(of: user) else { return false }
        let isOwn = kind == .readMark || kind == .flag
        switch access.logKind {
        case .personal: return isOwn
        case .directory, .unknown: return false
        case .privateChat, .room(.room): return !isOwn
        case .room(.visitor):
            if kind == .reaction { return false }
            return !isOwn && (role == .moderator || !isRegister(kind))
        case .room(.event):
            return !isOwn && (role == .moderator || !isRegister(kind))
        }
    }

    private func isRegister(_ kind: ChatKind) -> Bool { kind == .name || kind == .about }
}
