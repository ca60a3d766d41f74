import FikaChat
import FikaCRDT
import FikaLog
import FikaSync

/// What becomes of own writing that a relay does not take (rules A4 and ST14).
extension MemoryHolder {
    /// Takes note of a refusal for good; of one with a close, the close says what follows.
    mutating func refuse(_ refusal: Refusal) {
        let id = refusal.log
        guard let replica = own[id]?.introduction.replica, replica == refusal.replica else {
            closed.insert(refusal.replica)
            return
        }
        guard refusal.action == .refused else { return }
        let isNew = orders[id]?.position(of: Dot(replica: replica, seq: 1)) == nil
        let preimage = own[id]?.introduction.preimage
        let lost = leave(id, from: refusal.seq)
        let reason = CloseReason(rawValue: refusal.reason)
        if isNew, reason == .clockAhead || reason == .forked {
            sayAgain(lost, in: id, preimage: preimage, newStamps: reason == .clockAhead)
        } else {
            kept += lost
        }
    }

    /// Leaves the own replica of a log when a close in it closes it.
    mutating func leaveClosed(_ id: LogID) {
        guard let replica = own[id]?.introduction,
            let close = access(to: id).closedBeyond(replica.replica)
        else { return }
        let lost = leave(id, from: close.lastCounting + 1)
        switch close.reason {
        case .clockAhead, .forked:
            sayAgain(
                lost, in: id, preimage: replica.preimage,
                newStamps: close.reason == .clockAhead)
        case .notMember, .tooLarge, .malformed:
            // The first one is meant; those after it stand on their own.
            kept += lost.prefix(1)
            if mayRead(id, user) {
                sayAgain(Array(lost.dropFirst()), in: id, preimage: replica.preimage)
            } else {
                kept += lost.dropFirst()
            }
        case .held, .removed, .roomClosed:
            kept += lost
        }
    }

    /// Writes as a replica no more; returns what of it no relay takes.
    private mutating func leave(_ id: LogID, from seq: UInt64) -> [Op] {
        guard let replica = own.removeValue(forKey: id) else { return [] }
        let name = replica.introduction.replica
        closed.insert(name)
        let ops =
            log.ops(of: name, in: id, seqs: 1...Limits.seqMaximum) + replica.unsealed.map(\.op)
        return ops.filter {
            $0.id.dot.seq >= seq && $0.kind != .introduction && $0.kind != .void
        }
    }

    /// Goes on as a new replica, with what is said again.
    private mutating func sayAgain(
        _ ops: [Op], in id: LogID, preimage: LogPreimage?, newStamps: Bool = false
    ) {
        guard !ops.isEmpty else { return }
        if newStamps { resetClock(of: id) }
        introduce(in: id, preimage: preimage)
        for op in ops.dropLast(PlantedBug.losesRefusedText.isPlanted ? 1 : 0) {
            guard case .body(let body, let salt) = op.content else { continue }
            append(
                op.kind, target: op.target, body: body, salt: salt,
                origin: op.origin ?? Origin(dot: op.id.dot, bodyHash: op.bodyHash),
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
