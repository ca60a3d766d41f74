import FikaCRDT
import FikaChat
import FikaLog

extension Intake {
    /// How far stamps may lie past the relay's time (rule U3).
    static let leadMilliseconds: UInt64 = 5 * 60 * 1000

    /// Judges one op at the next position.
    func judge(
        _ index: Int, of segment: VerifiedSegment, by card: Card, trusting keys: Set<PublicKey>,
        now: UInt64
    ) -> DoorVerdict {
        let row = segment.segment.rows[index]
        let dot = segment.segment.dot(row)
        let replica = place.replicas[dot.replica]
        if let closedAt = replica?.closedAt, dot.seq > closedAt {
            return .refused(place.history.closedBeyond(dot.replica)?.reason ?? .removed)
        }
        let flags = KindFlags(of: row.kind)
        guard let user = card.introduction.user else {
            let isRelays = row.kind == .introduction || row.kind == ChatKind.close.kind
            return isRelays && keys.contains(card.introduction.publicKey)
                ? .accepted : .turnedAway
        }
        if flags.contains(.relay) || !row.time.isWellFormed { return .refused(.malformed) }
        guard isInTime(row.time, now: now) else { return .refused(.clockAhead) }
        if row.kind == .introduction { return judgeIntroduction(index, of: segment, by: card) }
        let op = segment.segment.op(row)
        if flags.contains(.access) { return judgeAccess(op, by: card) }
        return judgeContent(op, by: user)
    }

    private func isInTime(_ time: HybridTime, now: UInt64) -> Bool {
        if PlantedBug.acceptsAnyTime.isPlanted { return true }
        let highest = PlantedBug.shutsAfterJump.isPlanted ? .zero : place.order.highestTime
        let lead = time.milliseconds <= now + Self.leadMilliseconds
        return lead || time.raw <= highest.raw + 1 << 16
    }

    private var next: UInt64 { place.order.position + 1 }

    private func role(of user: UserID) -> Role? {
        place.history.role(of: user, at: .accepted(next))
    }

    /// A member's replica is let in, and that of somebody whose next op makes or becomes a member.
    private func judgeIntroduction(
        _ index: Int, of segment: VerifiedSegment, by card: Card
    ) -> DoorVerdict {
        guard let user = card.introduction.user else { return .turnedAway }
        let preimage = place.history.fold.preimage
        if let preimage, preimage.workspace != reader.workspace { return .turnedAway }
        if role(of: user) != nil { return .accepted }
        let rows = segment.segment.rows
        let second = rows[(index + 1)...].first { $0.run == rows[index].run }
        if let second {
            let op = segment.segment.op(second)
            if isOfWorkspace(op),
                let access = AccessOp(op, at: next + 1, by: card.introduction)
            {
                var trial = place.history
                trial.insert(access)
                if trial.verdict(of: op.id.dot)?.counts ?? false { return .accepted }
            }
        }
        return place.isNew && preimage == nil ? .later : .refused(.notMember)
    }

    /// Members' access ops are taken as they are: those that may not are ignored (rule F1).
    private func judgeAccess(_ op: Op, by card: Card) -> DoorVerdict {
        guard let access = AccessOp(op, at: next, by: card.introduction),
            let user = card.introduction.user
        else { return .refused(.malformed) }
        guard isOfWorkspace(op) else { return .refused(.notMember) }
        if role(of: user) != nil { return .accepted }
        var trial = place.history
        trial.insert(access)
        return trial.verdict(of: op.id.dot)?.counts ?? false ? .accepted : .refused(.notMember)
    }

    /// A create names the workspace that its log is in.
    private func isOfWorkspace(_ op: Op) -> Bool {
        guard op.kind == ChatKind.create.kind else { return true }
        guard case .create(let creation)? = try? ChatOp.decode(op) else { return true }
        return creation.workspace == reader.workspace
    }

    private func judgeContent(_ op: Op, by user: UserID) -> DoorVerdict {
        let former: Role? = PlantedBug.admitsRemovedMembers.isPlanted ? .member : nil
        guard let role = role(of: user) ?? former else { return .refused(.notMember) }
        guard let kind = ChatKind(op.kind) else { return .accepted }
        // Whose a target is that is not here shows when it comes.
        let rowAuthor = op.target.map { place.user(of: $0.replica) ?? user }
        let refusal = Permissions.refusal(
            of: kind, by: user, as: role, in: place.history.kind, rowAuthor: rowAuthor)
        switch refusal {
        case nil: return .accepted
        case .notMember, .notModerator, .notAuthor, .notAllowedByPoll, .beyondClose:
            return .refused(.notMember)
        case .notHere: return .refused(.malformed)
        }
    }
}
