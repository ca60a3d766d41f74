import FikaChat
import FikaCRDT
import FikaLog
import FikaSync

/// What becomes of own writing that a relay does not take (rules A4 and ST14).
extension MemoryHolder {
    /// Takes note of a refusal for good; of one with a close, the close says what follows.
    mutating func refuse(_ refusal: Refusal) {
        let id = refusal.log
        let replica = refusal.replica
        guard let introduction = ownIntroduction(of: replica, in: id) else {
            refused[replica] = min(refused[replica] ?? .max, refusal.seq)
            return
        }
        // What counted before its close, another relay may not take at all.
        guard refusal.action == .refused, refusal.seq < closed[replica] ?? .max else { return }
        let isNew = orders[id]?.position(of: Dot(replica: replica, seq: 1)) == nil
        let lost = leave(replica, in: id, from: refusal.seq)
        let reason = CloseReason(rawValue: refusal.reason)
        // Who is out is told so of each thing that is said again, for ever.
        if isNew, !ended.contains(id), reason == .clockAhead || reason == .forked {
            sayAgain(
                lost, in: id, preimage: introduction.preimage,
                newStamps: reason == .clockAhead)
        } else {
            kept += lost
        }
    }

    /// Leaves the own replicas of a log that a close in it closes.
    mutating func leaveClosed(_ id: LogID) {
        let access = access(to: id)
        for replica in Set(log.replicas(of: id)).union(own[id].map { [$0.name] } ?? []).sorted() {
            guard let close = access.closedBeyond(replica),
                close.lastCounting + 1 < closed[replica] ?? .max,
                let introduction = ownIntroduction(of: replica, in: id)
            else { continue }
            leave(replica, introduction, of: id, close)
        }
    }

    private mutating func leave(
        _ replica: ReplicaID, _ introduction: Introduction, of id: LogID,
        _ close: ReplicaClose
    ) {
        let lost = leave(replica, in: id, from: close.lastCounting + 1)
        switch close.reason {
        case .clockAhead, .forked:
            sayAgain(
                lost, in: id, preimage: introduction.preimage,
                newStamps: close.reason == .clockAhead)
        case .notMember, .tooLarge, .malformed:
            // The first one is meant; those after it stand on their own.
            kept += lost.prefix(1)
            if mayRead(id, user) {
                sayAgain(Array(lost.dropFirst()), in: id, preimage: introduction.preimage)
            } else {
                kept += lost.dropFirst()
            }
        case .held, .removed, .roomClosed:
            kept += lost
        }
    }

    /// The introduction of a replica as which this device writes or wrote; nil of another's.
    private func ownIntroduction(of replica: ReplicaID, in id: LogID) -> Introduction? {
        if let own = own[id], own.name == replica { return own.introduction }
        guard let card = log.card(of: replica, in: id),
            card.introduction.publicKey == key.publicKey
        else { return nil }
        return card.introduction
    }

    /// Writes as a replica no more; returns what of it no relay takes.
    private mutating func leave(
        _ replica: ReplicaID, in id: LogID, from seq: UInt64
    ) -> [Op] {
        let end = closed[replica] ?? .max
        closed[replica] = seq
        var ops = log.ops(of: replica, in: id, seqs: 1...Limits.seqMaximum)
        if own[id]?.name == replica, let current = own.removeValue(forKey: id) {
            ops += current.unsealed.map(\.op)
        }
        return ops.filter {
            $0.id.dot.seq >= seq && $0.id.dot.seq < end && $0.kind != .introduction
                && $0.kind != .void
        }
    }

    /// The store is an old state put back, or a copy: another one may have written the same seqs,
    /// so it goes on as new replicas (rule ST7).
    package mutating func goOnAnew(seed: UInt64) {
        generator = SplitMix64(seed: seed)
        for id in own.keys.sorted() {
            guard let former = own.removeValue(forKey: id) else { continue }
            let left = former.unsealed.map(\.op)
                .filter { $0.kind != .introduction && $0.kind != .void }
            sayAgain(left, in: id, preimage: former.introduction.preimage)
        }
    }

    /// Goes on as a new replica, with what is said again.
    private mutating func sayAgain(
        _ ops: [Op], in id: LogID, preimage: LogPreimage?, newStamps: Bool = false
    ) {
        guard !ops.isEmpty else { return }
        var ops = ops
        // A room is made before anything is said in it, so what was said since comes after that.
        if ops.contains(where: { $0.kind == ChatKind.create.kind }), let since = own[id]?.name,
            orders[id]?.position(of: Dot(replica: since, seq: 1)) == nil
        {
            ops += leave(since, in: id, from: 1)
        }
        if newStamps { resetClock(of: id) }
        introduce(in: id, preimage: preimage)
        for op in ops.dropLast(PlantedBug.losesRefusedText.isPlanted ? 1 : 0) {
            guard case .body(let body, let salt) = op.content else { continue }
            // Access ops are not re-homed (M24): said twice, they change nothing.
            let isAccess = KindFlags(of: op.kind).contains(.access)
            append(
                op.kind, target: op.target, body: body, salt: salt,
                origin: isAccess
                    ? nil : op.origin ?? Origin(dot: op.id.dot, bodyHash: op.bodyHash),
                time: newStamps ? nil : op.time, in: id)
        }
    }

    /// What was left does not hold a log's clock up any more.
    private mutating func resetClock(of id: LogID) {
        var clock = HybridClock()
        for op in standing(in: id) {
            if orders[id]?.position(of: op.id.dot) != nil {
                clock.observe(op.time)
            } else {
                clock.observePending(op.time, nowMilliseconds: corrected)
            }
        }
        clocks[id] = clock
    }
}
