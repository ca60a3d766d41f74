import FikaChat
import FikaCRDT
import FikaLog

/// Makes what a device forges of a log that it holds, signed with its own key.
struct WorldForger {
    let base: MemoryHolder
    let log: LogID
    /// A text that nothing else says.
    let text: String
    var random: SplitMix64

    private var key: DeviceKey { base.key }

    /// Everything sealed that is held of the log.
    private var ops: [Op] {
        base.log.replicas(of: log).flatMap {
            base.log.ops(of: $0, in: log, seqs: 1...Limits.seqMaximum)
        }
    }

    private func isOwn(_ replica: ReplicaID) -> Bool {
        base.log.card(of: replica, in: log)?.introduction.publicKey == key.publicKey
    }

    /// The segments of a forgery; none when there is nothing to forge.
    mutating func make(_ forgery: WorldForgery) -> [SealedSegment] {
        switch forgery {
        case .fork: return fork()
        case .foreignReplica: return foreign()
        case .secondIntroduction: return secondIntroduction()
        case .gap: return newReplica([message(), message()], hidingFirst: 2)
        case .garbage: return []
        case .future, .past, .foreignOrigin, .foreignRights, .close, .unknownKind, .malformed:
            guard let draft = draft(forgery) else { return [] }
            return newReplica([draft])
        }
    }

    // MARK: New replicas

    private struct Draft {
        var kind: Kind
        var body: [UInt8]
        var target: Dot?
        var origin: Origin?
        var time: HybridTime?
    }

    private func message() -> Draft {
        Draft(kind: ChatKind.message.kind, body: MessageBody(text: text).body)
    }

    private mutating func draft(_ forgery: WorldForgery) -> Draft? {
        var draft = message()
        let tenYears = UInt64(WorldClock.farthest)
        switch forgery {
        case .future:
            draft.time = HybridTime(milliseconds: base.corrected + tenYears)
        case .past: draft.time = HybridTime(milliseconds: base.corrected - tenYears)
        case .foreignOrigin:
            guard let other = others(of: .message).randomElement(using: &random) else { return nil }
            draft.origin = Origin(dot: other.id.dot, bodyHash: other.bodyHash)
        case .close:
            let others = ops.filter { !isOwn($0.id.dot.replica) }
            guard let other = others.randomElement(using: &random) else { return nil }
            let close = Close(
                replica: other.id.dot.replica, seq: 1, chain: other.hash, reason: .removed)
            draft = Draft(kind: ChatKind.close.kind, body: close.body)
        case .unknownKind: draft.kind = Kind(900)
        case .malformed: draft.body = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
        default: return foreignRight()
        }
        return draft
    }

    private func others(of kind: ChatKind) -> [Op] {
        ops.filter { $0.kind == kind.kind && !isOwn($0.id.dot.replica) }
    }

    private mutating func foreignRight() -> Draft? {
        let kinds: [(aimed: ChatKind, at: ChatKind)] = [
            (.delete, .message), (.edit, .message), (.revoke, .grant), (.unpin, .message),
            (.pollQuestion, .poll),
        ]
        let (kind, aim) = random.pick(kinds)
        guard let other = others(of: aim).randomElement(using: &random) else { return nil }
        let pins = others(of: .pin).prefix(3).map(\.id.dot).sorted()
        guard kind != .unpin || !pins.isEmpty else { return nil }
        let body: [UInt8] =
            switch kind {
            case .edit: MessageBody(text: text).body
            case .unpin: Unpin(pins: pins).body
            case .pollQuestion: PollQuestion(basis: .creator, text: text).body
            default: []
            }
        return Draft(kind: kind.kind, body: body, target: other.id.dot)
    }

    /// Ops by a replica that nobody has seen before, its introduction first; those that are
    /// hidden nobody gets.
    private mutating func newReplica(
        _ drafts: [Draft], hidingFirst hiddenCount: Int = 0
    ) -> [SealedSegment] {
        let introduction = Introduction(
            publicKey: key.publicKey, incarnation: Incarnation(using: &random), user: base.user,
            deviceName: "forger", preimage: nil)
        let replica = introduction.replica
        var time = HybridTime(milliseconds: base.corrected)
        var ops = [
            Op(
                kind: .introduction, id: OpID(log: log, replica: replica, seq: 1), time: time,
                content: .body(introduction.body, salt: nil))
        ]
        for draft in drafts {
            time = draft.time ?? time.next
            ops.append(op(draft, replica, UInt64(ops.count) + 1, time))
        }
        let chain = ops.prefix(hiddenCount).reduce(
            Hashes.chainStart(log: log, replica: replica)
        ) { Hashes.chain(after: $0, opHash: $1.hash) }
        return sealed(Array(ops.dropFirst(hiddenCount)), after: chain)
    }

    private mutating func op(
        _ draft: Draft, _ replica: ReplicaID, _ seq: UInt64, _ time: HybridTime
    ) -> Op {
        let isSalted = ChatKind(draft.kind)?.flags.contains(.salted) == true
        return Op(
            kind: draft.kind, id: OpID(log: log, replica: replica, seq: seq), time: time,
            target: draft.target, origin: draft.origin,
            content: .body(draft.body, salt: isSalted ? Salt(using: &random) : nil))
    }

    private func sealed(_ ops: [Op], after chain: Digest) -> [SealedSegment] {
        Sealer.seal(ops, after: chain, key: key)
    }

    // MARK: Replicas that there are

    private mutating func fork() -> [SealedSegment] {
        let own = ops.filter { isOwn($0.id.dot.replica) && $0.id.dot.seq > 1 }
        guard let op = own.randomElement(using: &random),
            let chain = base.chain(of: op.id.dot.replica, in: log, at: op.id.dot.seq - 1)
        else { return [] }
        return sealed(
            [self.op(message(), op.id.dot.replica, op.id.dot.seq, op.time)], after: chain)
    }

    private mutating func secondIntroduction() -> [SealedSegment] {
        let first = ops.filter { isOwn($0.id.dot.replica) && $0.id.dot.seq == 1 }
        guard var op = first.randomElement(using: &random) else { return [] }
        op.time = op.time.next
        return sealed([op], after: Hashes.chainStart(log: log, replica: op.id.dot.replica))
    }

    private mutating func foreign() -> [SealedSegment] {
        let lasts = base.log.replicas(of: log).filter { !isOwn($0) }.compactMap {
            base.log.ops(of: $0, in: log, seqs: 1...Limits.seqMaximum).last
        }
        guard let last = lasts.randomElement(using: &random),
            let chain = base.chain(of: last.id.dot.replica, in: log, at: last.id.dot.seq)
        else { return [] }
        return sealed(
            [op(message(), last.id.dot.replica, last.id.dot.seq + 1, last.time.next)],
            after: chain)
    }
}
