import FikaCRDT
import FikaChat
import FikaLog

/// The access fold, run from the start for every question.
struct ModelFold {
    let log: ModelLog
    let trustedRelays: Set<PublicKey>
    /// The access ops in the order of rule F1.
    private let accessOps: [ModelOp]

    init(log: ModelLog, trustedRelays: Set<PublicKey>) {
        self.log = log
        self.trustedRelays = trustedRelays
        accessOps = log.inOrder
            .filter { $0.kind?.flags.contains(.access) == true }
            .sorted { $0.point < $1.point }
    }

    /// The fold over all access ops below a point; over all of them without one.
    func access(below point: ModelPoint? = nil) -> ModelAccess {
        var access = ModelAccess(preimage: log.preimage)
        for op in accessOps {
            if let point, op.point >= point { break }
            access.outcomes[op.dot] = fold(op, into: &access)
        }
        return access
    }

    private func fold(_ op: ModelOp, into access: inout ModelAccess) -> ModelOutcome {
        if !access.closesBelow(op.dot).isEmpty { return .setAside }
        if log.isMalformed(op) { return .ignored }
        guard case .says(let says) = op.body else { return .ignored }
        let introduction: Introduction
        switch log.presence(of: op.dot.replica) {
        case .absent: return .waiting
        case .invalid: return .ignored
        case .valid(let valid): introduction = valid
        }
        if case .close(let close) = says {
            return fold(close, by: introduction, into: &access)
        }
        guard access.preimage == nil, let user = introduction.user else { return .ignored }
        switch says {
        case .create(let creation):
            return fold(creation, op, by: introduction, user, into: &access)
        case .grant(let grant):
            return fold(grant, op, by: user, into: &access)
        case .revoke(let target):
            return foldRevoke(op, of: target, by: user, into: &access)
        case .leave:
            guard access.role(of: user) != nil else { return .ignored }
            access.end(of: user) { _ in true }
            access.leaves[user] = op.dot
            return .counts
        case .void, .introduction, .close, .name, .about, .message, .edit, .delete, .reaction,
            .pin, .unpin, .poll, .pollQuestion, .pollSetting, .optionAdd, .optionText,
            .optionRemove, .vote, .readMark, .flag, .importRun, .imported, .unsupported:
            preconditionFailure("only access ops are folded")
        }
    }

    private func fold(
        _ close: Close, by introduction: Introduction, into access: inout ModelAccess
    ) -> ModelOutcome {
        guard introduction.role == .relay, trustedRelays.contains(introduction.publicKey) else {
            return .ignored
        }
        let chain = log.chain(of: close.replica, through: close.seq)
        access.closes.append(
            ModelAccess.CloseRecord(
                close: close, hasOtherChain: chain != nil && chain != close.chain))
        return .counts
    }

    private func fold(
        _ creation: Creation, _ op: ModelOp, by introduction: Introduction, _ user: UserID,
        into access: inout ModelAccess
    ) -> ModelOutcome {
        let id = Hashes.roomLogID(creator: introduction.publicKey, nonce: creation.nonce)
        guard access.roomKind == nil, id == log.id else { return .ignored }
        access.roomKind = creation.kind
        access.grants.append(
            ModelAccess.GrantRecord(dot: op.dot, user: user, role: .moderator, isLive: true))
        return .counts
    }

    private func fold(
        _ grant: Grant, _ op: ModelOp, by user: UserID, into access: inout ModelAccess
    ) -> ModelOutcome {
        guard mayGrant(grant.role, user, access) else { return .ignored }
        let newest = access.leaves[grant.user]
        let isLive = newest == nil || grant.leave == newest
        if !isLive { access.ineffective.insert(op.dot) }
        access.grants.append(
            ModelAccess.GrantRecord(
                dot: op.dot, user: grant.user, role: grant.role,
                isLive: isLive))
        return .counts
    }

    private func mayGrant(_ role: Role, _ user: UserID, _ access: ModelAccess) -> Bool {
        guard let kind = access.roomKind else { return false }
        if access.members.isEmpty { return access.lastOut == user }
        switch (kind, role) {
        case (.room, .member): return access.role(of: user) != nil
        case (.room, .moderator), (.visitor, _), (.event, _):
            return access.role(of: user) == .moderator
        }
    }

    private func foldRevoke(
        _ op: ModelOp, of target: Dot, by user: UserID, into access: inout ModelAccess
    ) -> ModelOutcome {
        guard let named = log.ops[target] else { return .waiting }
        guard let (granted, role) = grantee(of: named) else { return .ignored }
        let isAllowed =
            access.role(of: user) == .moderator || granted == user
            || (access.role(of: user) != nil && role == .member && access.roomKind == .room)
        guard isAllowed else { return .ignored }
        if !access.grants.contains(where: { $0.dot == target && $0.isLive }) {
            access.ineffective.insert(op.dot)
        }
        access.end(of: granted) { $0.dot == target }
        return .counts
    }

    /// Whom a grant or create lets in, by what its body says.
    func grantee(of named: ModelOp) -> (UserID, Role)? {
        switch named.body {
        case .says(.grant(let grant)): (grant.user, grant.role)
        case .says(.create): log.user(of: named).map { ($0, .moderator) }
        case .says, .erased, .malformed, .unsupported: nil
        }
    }
}
