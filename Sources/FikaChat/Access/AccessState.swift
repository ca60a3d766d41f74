import FikaCRDT
import FikaLog

/// The fold's running result: each op is judged under those before it (rule F1).
struct AccessState: Sendable {
    let log: LogID
    let trustedRelays: Set<PublicKey>
    /// What each held grant or create says, counting or not; nil for other access ops.
    private(set) var claims: [Dot: GrantRecord?] = [:]
    private(set) var kind: LogKind = .unknown
    private(set) var creator: UserID?
    private(set) var created: Creation?
    private(set) var membership = Membership()
    private(set) var closes: [ReplicaID: [ReplicaClose]] = [:]
    private(set) var verdicts: [Dot: AccessVerdict] = [:]
    /// Each user's last leave that counts.
    private var lastLeave: [UserID: Dot] = [:]

    init(
        log: LogID, preimage: LogPreimage?, trustedRelays: Set<PublicKey>
    ) {
        self.log = log
        self.trustedRelays = trustedRelays
        switch preimage?.kind {
        case .privateChat: kind = .privateChat
        case .personal: kind = .personal
        case .directory: kind = .directory
        case nil: kind = .unknown
        }
    }

    /// Takes note of what an op says, so that a revoke of any point may name it.
    mutating func hold(_ op: AccessOp) {
        switch op.content {
        case .grant(let grant):
            claims[op.dot] = GrantRecord(user: grant.user, role: grant.role)
        case .create:
            claims[op.dot] = op.author.user.map { GrantRecord(user: $0, role: .moderator) }
        case .void, .introduction, .revoke, .leave, .close, .name, .about, .message, .edit,
            .delete, .reaction, .pin, .unpin, .poll, .pollQuestion, .pollSetting, .optionAdd,
            .optionText, .optionRemove, .vote, .readMark, .flag, .importRun, .imported,
            .unsupported:
            claims[op.dot] = .some(nil)
        }
    }

    /// Judges an op that was taken note of, under those judged before.
    mutating func apply(_ op: AccessOp) {
        verdicts[op.dot] = judge(op)
    }

    func isBeyondClose(_ dot: Dot, at point: AccessPoint) -> Bool {
        (closes[dot.replica] ?? []).contains { $0.lastCounting < dot.seq && $0.point < point }
    }

    private mutating func judge(_ op: AccessOp) -> AccessVerdict {
        if isBeyondClose(op.dot, at: op.point) { return .ignored(.beyondClose) }
        if case .close(let close) = op.content { return judge(close, op) }
        guard let user = op.author.user else { return .ignored(.relayMayNot) }
        switch kind {
        case .privateChat, .personal, .directory: return .ignored(.derivedLog)
        case .room, .unknown: break
        }
        switch op.content {
        case .create(let creation): return judge(creation, op, by: user)
        case .grant(let grant): return judge(grant, op, by: user)
        case .revoke(let id): return judgeRevoke(of: id, op, by: user)
        case .leave: return judgeLeave(op, by: user)
        case .void, .introduction, .close, .name, .about, .message, .edit, .delete, .reaction,
            .pin, .unpin, .poll, .pollQuestion, .pollSetting, .optionAdd, .optionText,
            .optionRemove, .vote, .readMark, .flag, .importRun, .imported, .unsupported:
            preconditionFailure("only access ops are folded")
        }
    }

    /// Rules F8 and F10.
    private mutating func judge(_ close: Close, _ op: AccessOp) -> AccessVerdict {
        guard op.author.isRelay, trustedRelays.contains(op.author.publicKey) else {
            return .ignored(.notRelay)
        }
        closes[close.replica, default: []].append(
            ReplicaClose(
                seq: close.seq, chain: close.chain, reason: close.reason, point: op.point,
                isOfOtherBranch: op.closesOtherBranch))
        return .counted
    }

    /// Rule F3.
    private mutating func judge(
        _ creation: Creation, _ op: AccessOp, by user: UserID
    ) -> AccessVerdict {
        let id = Hashes.roomLogID(creator: op.author.publicKey, nonce: creation.nonce)
        guard id == log else { return .ignored(.notCreator) }
        guard created == nil else { return .ignored(.alreadyCreated) }
        created = creation
        creator = user
        kind = .room(creation.kind)
        let record = GrantRecord(user: user, role: .moderator)
        membership.begin(record, dot: op.dot, at: op.point)
        return .counted
    }

    /// Rule F4.
    private mutating func judge(
        _ grant: Grant, _ op: AccessOp, by user: UserID
    ) -> AccessVerdict {
        if created != nil, membership.isEmpty {
            guard membership.lastEnded == user else { return .ignored(.notLastMember) }
        } else {
            guard let role = membership.role(of: user) else { return .ignored(.notMember) }
            guard mayHandle(grant.role, as: role) else { return .ignored(.notModerator) }
        }
        if let left = lastLeave[grant.user], left != grant.leave {
            return .withoutEffect(.userLeft)
        }
        let record = GrantRecord(user: grant.user, role: grant.role)
        membership.begin(record, dot: op.dot, at: op.point)
        return .counted
    }

    /// Rule F5.
    private mutating func judgeRevoke(
        of dot: Dot, _ op: AccessOp, by user: UserID
    ) -> AccessVerdict {
        guard let claim = claims[dot] else { return .waiting }
        guard let grant = claim else { return .ignored(.wrongTarget) }
        if grant.user != user {
            guard let role = membership.role(of: user) else { return .ignored(.notMember) }
            guard mayHandle(grant.role, as: role) else { return .ignored(.notModerator) }
        }
        let isEnded = membership.end(dot, of: grant.user, at: op.point)
        return isEnded ? .counted : .withoutEffect(.grantNotInEffect)
    }

    /// Rule F6.
    private mutating func judgeLeave(_ op: AccessOp, by user: UserID) -> AccessVerdict {
        guard membership.role(of: user) != nil else { return .ignored(.notMember) }
        lastLeave[user] = op.dot
        membership.endAll(of: user, at: op.point)
        return .counted
    }

    /// Moderators give and end any role; members of plain rooms that of a member.
    private func mayHandle(_ role: Role, as own: Role) -> Bool {
        own == .moderator || (kind == .room(.room) && role == .member)
    }
}
