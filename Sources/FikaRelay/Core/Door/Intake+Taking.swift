import FikaCRDT
import FikaChat
import FikaLog

extension Intake {
    /// Gives a row its position and folds what it changes; returns who ceased to be a member.
    mutating func take(_ index: Int, of segment: VerifiedSegment, by card: Card) -> UserID? {
        let row = segment.segment.rows[index]
        let dot = segment.segment.dot(row)
        let hash = segment.opHashes[index]
        let position = place.advance(over: hash, kind: row.kind, time: row.time)
        advance(dot, hash)
        if row.seq == 1 { place.cards[dot.replica] = card }
        let target = segment.segment.target(row)
        let origin = segment.segment.origin(row)?.dot
        rows.append(
            AcceptedRow(
                index: index, dot: dot, kind: row.kind, target: target, origin: origin,
                position: position, running: place.order.running))
        let flags = KindFlags(of: row.kind)
        if !flags.isDisjoint(with: [.early, .access]) {
            early.append(EarlyOp(dot: dot, position: position))
        }
        if let target, ChatKind.takenAlong.contains(row.kind) { aims.append((dot, target)) }
        if let origin { aims.append((dot, origin)) }
        guard flags.contains(.access),
            let op = AccessOp(segment.segment.op(row), at: position, by: card.introduction)
        else { return nil }
        return fold(op)
    }

    private mutating func advance(_ dot: Dot, _ hash: Digest) {
        let start = Hashes.chainStart(log: place.log, replica: dot.replica)
        var replica =
            place.replicas[dot.replica]
            ?? AcceptedReplica(
                replica: dot.replica, number: UInt64(place.replicas.count) + 1, last: 0,
                chain: start,
                closedAt: place.history.closedBeyond(dot.replica)?.lastCounting)
        replica.last = dot.seq
        replica.chain = Hashes.chain(after: replica.chain, opHash: hash)
        place.set(replica)
        touched.insert(dot.replica)
    }

    private mutating func fold(_ op: AccessOp) -> UserID? {
        let subject = subject(of: op)
        let wasMember = subject.map { place.history.role(of: $0) != nil } ?? false
        place.history.insert(op)
        if case .close(let close) = op.content, var closed = place.replicas[close.replica],
            place.history.verdict(of: op.dot) == .counted
        {
            closed.closedAt = min(closed.closedAt ?? close.seq, close.seq)
            place.set(closed)
            touched.insert(close.replica)
        }
        guard let subject else { return nil }
        let isMember = place.history.role(of: subject) != nil
        guard wasMember != isMember else { return nil }
        changes.append(MembershipChange(user: subject, isMember: isMember))
        return isMember ? nil : subject
    }

    /// Whose membership an op may change.
    private func subject(of op: AccessOp) -> UserID? {
        switch op.content {
        case .create, .leave: op.author.user
        case .grant(let grant): grant.user
        case .revoke(let target): place.history.grantedUser(target)
        case .void, .introduction, .close, .name, .about, .message, .edit, .delete, .reaction,
            .pin, .unpin, .poll, .pollQuestion, .pollSetting, .optionAdd, .optionText,
            .optionRemove, .vote, .readMark, .flag, .importRun, .imported, .unsupported:
            nil
        }
    }

    /// The rows that are not yet written, as placements with the running hashes after them.
    func placedRuns() -> [PlacedRun] {
        var runs: [PlacedRun] = []
        for row in rows {
            if let last = runs.last?.placement, last.replica == row.dot.replica,
                last.lastSeq + 1 == row.dot.seq, last.lastPosition + 1 == row.position
            {
                runs[runs.count - 1].placement.count += 1
                runs[runs.count - 1].running = row.running
            } else {
                let placement = Placement(
                    replica: row.dot.replica, seq: row.dot.seq, count: 1, position: row.position,
                    acceptedAt: acceptedAt)
                runs.append(PlacedRun(placement: placement, running: row.running))
            }
        }
        return runs
    }
}

extension ChatKind {
    /// Ops that are noted by their targets: deletes, and what a delete of the target takes along.
    static let takenAlong: [Kind] = [
        ChatKind.delete, .edit, .pollQuestion, .optionAdd, .optionText,
    ].map(\.kind)
}
