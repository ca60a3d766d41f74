package import FikaCRDT
package import FikaLog

/// Who may what in a log, at any point of it.
package struct AccessHistory: Sendable {
    package let fold: AccessFold
    /// In the order of the fold.
    package private(set) var ops: [AccessOp]
    private var state: AccessState
    /// The targets of the revokes.
    private var revoked: Set<Dot>

    init(fold: AccessFold, ops: some Sequence<AccessOp>) {
        var byDot: [Dot: AccessOp] = [:]
        for op in ops { byDot[op.dot] = op }
        self.fold = fold
        self.ops = byDot.values.sorted { $0.order < $1.order }
        self.revoked = Set(self.ops.compactMap { $0.content.target })
        self.state = Self.state(fold, self.ops)
    }

    /// Adds an op, or gives one that was pending its position.
    ///
    /// Complexity: constant for a new op that comes last and that no revoke waits for, else the
    /// whole fold.
    package mutating func insert(_ op: AccessOp) {
        insert(contentsOf: CollectionOfOne(op))
    }

    /// Adds several ops, in any order.
    ///
    /// Complexity: linear in the number of new ops that all come last and that no revoke waits for,
    /// else one whole fold.
    package mutating func insert(contentsOf more: some Collection<AccessOp>) {
        for op in more.sorted(by: { $0.order < $1.order }) {
            let isNew = state.verdicts[op.dot] == nil && !revoked.contains(op.dot)
            guard isNew, ops.last.map({ $0.order < op.order }) ?? true else {
                self = AccessHistory(fold: fold, ops: ops + more)
                return
            }
            ops.append(op)
            if let target = op.content.target { revoked.insert(target) }
            state.hold(op)
            state.apply(op)
        }
    }

    package var kind: LogKind { state.kind }

    /// Who made the room; nil in derived logs and before the create is there.
    package var creator: UserID? { state.creator }

    /// The create op that counts: the first name and about of the room.
    package var creation: Creation? { state.created }

    /// Those who are in now, under all ops, rising.
    package var members: [Member] {
        switch kind {
        case .privateChat, .personal: derivedMembers
        case .room, .directory, .unknown: state.membership.members
        }
    }

    /// Whether the room has lost its last member.
    package var isArchived: Bool {
        switch kind {
        case .room: state.membership.isEmpty
        case .privateChat, .personal, .directory, .unknown: false
        }
    }

    /// What a user is under all ops.
    package func role(of user: UserID) -> Role? {
        switch kind {
        case .privateChat, .personal: isDerivedMember(user) ? .member : nil
        case .room, .directory, .unknown: state.membership.role(of: user)
        }
    }

    /// What a user is under the ops of lower points (rules F7 and F9).
    package func role(of user: UserID, at point: AccessPoint) -> Role? {
        switch kind {
        case .privateChat, .personal: isDerivedMember(user) ? .member : nil
        case .room, .directory, .unknown: state.membership.role(of: user, at: point)
        }
    }

    /// What became of an access op; nil when it was not folded.
    package func verdict(of dot: Dot) -> AccessVerdict? { state.verdicts[dot] }

    /// Whom a held grant or create lets in, counting or not: the subject of a revoke's row.
    package func grantedUser(_ dot: Dot) -> UserID? { state.claims[dot]??.user }

    /// Whether any close counts.
    package var hasCloses: Bool { !state.closes.isEmpty }

    /// The close of a replica that leaves the least of it, of equal ones the first (rule F8).
    package func closedBeyond(_ replica: ReplicaID) -> ReplicaClose? {
        state.closes[replica]?.min {
            $0.lastCounting != $1.lastCounting
                ? $0.lastCounting < $1.lastCounting : $0.point < $1.point
        }
    }

    /// Whether an op of this point lies beyond a close (rule F8).
    package func isBeyondClose(_ dot: Dot, at point: AccessPoint) -> Bool {
        state.isBeyondClose(dot, at: point)
    }

    private var derivedMembers: [Member] {
        (fold.preimage?.users ?? []).map { Member(user: $0, role: .member) }
    }

    private func isDerivedMember(_ user: UserID) -> Bool {
        fold.preimage?.users.contains(user) ?? false
    }

    private static func state(_ fold: AccessFold, _ ops: [AccessOp]) -> AccessState {
        var state = AccessState(
            log: fold.log, preimage: fold.preimage, trustedRelays: fold.trustedRelays)
        for op in ops { state.hold(op) }
        for op in ops { state.apply(op) }
        return state
    }
}
