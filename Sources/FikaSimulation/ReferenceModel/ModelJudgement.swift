import FikaCRDT
import FikaChat
import FikaLog

/// What became of every op, targets and bodies' own rules included (rules M2 to M18).
struct ModelJudgement {
    let admission: ModelAdmission
    let identity: ModelIdentity
    private(set) var outcomes: [Dot: ModelOutcome] = [:]

    var log: ModelLog { admission.log }

    init(log: ModelLog, trustedRelays: Set<PublicKey>) {
        admission = ModelAdmission(log: log, trustedRelays: trustedRelays)
        identity = ModelIdentity(admission)
        outcomes = admission.outcomes.merging(identity.outcomes) { _, later in later }
        for id in identity.standing.keys.sorted() {
            guard let op = identity.standing[id] else { continue }
            outcomes[op.dot] = outcome(of: op, waitingFor: [])
        }
    }

    /// The ops that stand and count, by the id that they stand at, in the order of writes.
    var counting: [(id: Dot, op: ModelOp)] {
        identity.standing.filter { outcomes[$0.value.dot] == .counts }
            .map { (id: $0.key, op: $0.value) }
            .sorted {
                $0.op.write != $1.op.write ? $0.op.write < $1.op.write : $0.id < $1.id
            }
    }

    private func outcome(of op: ModelOp, waitingFor ring: Set<Dot>) -> ModelOutcome {
        guard let kind = op.kind, kind.targetRule == .required, let target = op.op.target else {
            return .counts
        }
        guard let row = identity.standing[identity.resolve(target)] else {
            guard let held = log.ops[target], let heldKind = held.kind else {
                return log.ops[target] == nil ? .waiting : .ignored
            }
            return Self.isRight(heldKind, for: kind) ? .waiting : .ignored
        }
        guard let rowKind = row.kind, Self.isRight(rowKind, for: kind) else { return .ignored }
        switch op.body {
        case .says(.edit):
            return log.user(of: op) == log.user(of: row) ? .counts : .ignored
        case .says(.delete):
            return mayDelete(op, log.ops[target] ?? row, row) ? .counts : .ignored
        case .says(let says):
            guard let basis = says.basis else { return .counts }
            return outcome(of: op, under: basis, of: row, waitingFor: ring.union([op.dot]))
        case .erased, .malformed, .unsupported:
            return .counts
        }
    }

    private static func isRight(_ target: ChatKind, for kind: ChatKind) -> Bool {
        switch kind {
        case .edit: target == .message
        case .delete, .reaction, .pin, .unpin: [.message, .imported, .poll].contains(target)
        case .pollQuestion, .pollSetting, .optionAdd, .optionText, .optionRemove, .vote:
            target == .poll
        case .void, .introduction, .create, .grant, .revoke, .leave, .close, .name, .about,
            .message, .poll, .readMark, .flag, .importRun, .imported:
            false
        }
    }

    /// Rule M6; of equal imported lines it is asked who imported the one that is named.
    private func mayDelete(_ op: ModelOp, _ named: ModelOp, _ row: ModelOp) -> Bool {
        guard let user = log.user(of: op) else { return false }
        let owner = row.kind == .imported ? log.user(of: named) : log.user(of: row)
        if user == owner { return true }
        return admission.fold.access(below: op.point).role(of: user) == .moderator
    }

    // MARK: Polls

    /// Rule M13.
    private func outcome(
        of op: ModelOp, under basis: Basis, of poll: ModelOp, waitingFor ring: Set<Dot>
    ) -> ModelOutcome {
        switch basis {
        case .creator:
            return log.user(of: op) == log.user(of: poll) ? .counts : .ignored
        case .poll:
            guard case .says(.poll(let creation)) = poll.body else { return .counts }
            let isOpen =
                creation.settings.contains(.anyoneEdits)
                || (op.kind == .optionAdd && creation.settings.contains(.anyoneAdds))
            return isOpen ? .counts : .ignored
        case .setting(let dot):
            return outcome(of: op, underSetting: dot, of: poll, waitingFor: ring)
        }
    }

    private func outcome(
        of op: ModelOp, underSetting dot: Dot, of poll: ModelOp, waitingFor ring: Set<Dot>
    ) -> ModelOutcome {
        guard let setting = identity.standing[identity.resolve(dot)] else {
            guard let held = log.ops[dot] else { return .waiting }
            return held.kind == .pollSetting ? .waiting : .ignored
        }
        guard case .says(.pollSetting(let change, let named)) = setting.body,
            identity.standing[identity.resolve(named)]?.dot == poll.dot
        else { return .ignored }
        guard !ring.contains(setting.dot),
            outcome(of: setting, waitingFor: ring) == .counts
        else { return .waiting }
        let isOpen =
            change.isOn
            && (change.setting == .anyoneEdits
                || (op.kind == .optionAdd && change.setting == .anyoneAdds))
        return isOpen ? .counts : .ignored
    }
}
