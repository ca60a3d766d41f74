import FikaCRDT
import FikaLog

/// What goes up to a relay: what it has not accepted, and what it lacks (rules U1, C1 and C2).
struct Uploads: Sendable {
    private var outgoing = Outgoing()
    /// Of each replica: what was sent on this connection, or is about to be, since its log was
    /// compared last.
    private var queued: [LogID: [ReplicaID: IntervalSet]] = [:]
    /// Those of them that went to fill an order, to which there is no answer but a comparison.
    private var filled: [LogID: [ReplicaID: IntervalSet]] = [:]
    /// Refused for good from a seq on; what is before it may be handed in.
    private var stoppedFrom: [ReplicaInLog: UInt64] = [:]
    /// Until when the relay wants no more of a replica.
    private var waiting: [ReplicaInLog: UInt64] = [:]
    /// Of logs that the relay does not know: how often it put a replica off.
    private var putOff: [ReplicaInLog: Int] = [:]
    /// From where a replica was asked for anew.
    private var resentFrom: [ReplicaInLog: UInt64] = [:]
    /// Logs of which the relay has not said how it stands.
    private var heldBack: Set<LogID> = []
    /// Of compared logs: what the relay said that it has.
    private var theirs: [LogID: [ReplicaID: IntervalSet]] = [:]
    /// Of compared logs: what the relay lacks and was not queued.
    private var lacking: [LogID: [ReplicaID: IntervalSet]] = [:]
    /// Whether the holder is to be asked what is pending.
    private var mayHaveMore = true

    mutating func addCredit(_ bytes: UInt64) { outgoing.addCredit(bytes) }

    mutating func changed() { mayHaveMore = true }

    /// Keeps logs back until the relay has said how it stands.
    mutating func hold(_ logs: [LogID]) { heldBack.formUnion(logs) }

    mutating func release(_ log: LogID) {
        heldBack.remove(log)
        mayHaveMore = true
    }

    /// The relay says no more of a log: own ops whose positions it has not told are acknowledged
    /// once they are sent, also those that it has, and those that filled its order.
    mutating func end(_ log: LogID) {
        theirs[log] = nil
        lacking[log] = nil
        for (replica, seqs) in filled.removeValue(forKey: log) ?? [:] {
            let sent = queued[log]?[replica]?.subtracting(seqs)
            queued[log]?[replica] = sent
        }
        release(log)
    }

    /// The relay said what it has of a log: all that it lacks goes up.
    ///
    /// `filling` are the positions to fill its order with, when it took one over.
    mutating func compared(
        ours: Haves, theirs: Haves, filling: ClosedRange<UInt64>?, holder: some SyncHolder
    ) throws {
        let log = ours.log
        forgetQueued(log)
        let lacking = HavesDifference.lacking(ours: ours, theirs: theirs)
        self.lacking[log] = lacking
        if let filling {
            outgoing.append(.filling(log, filling, lacking: lacking))
            try noteFilled(filling, of: log, holder: holder)
        }
        var known: [ReplicaID: IntervalSet] = [:]
        for entry in theirs.replicas {
            known[entry.replica] = IntervalSet(entry.intervals.map(\.seqs))
                .subtracting(lacking[entry.replica] ?? IntervalSet())
        }
        self.theirs[log] = known
        release(log)
    }

    /// What the relay was sent before it said what it has, and does not name, it did not take.
    private mutating func forgetQueued(_ log: LogID) {
        guard let sent = queued[log] else { return }
        outgoing.remove { $0.log == log }
        // Refusals of it may still come.
        queued[log] = sent.mapValues { _ in IntervalSet() }
        filled[log] = nil
    }

    /// What fills an order is not sent a second time.
    private mutating func noteFilled(
        _ positions: ClosedRange<UInt64>, of log: LogID, holder: some SyncHolder
    ) throws {
        var first = positions.lowerBound
        while first <= positions.upperBound {
            let last = min(positions.upperBound, first + UInt64(Limits.positionsMaximum) - 1)
            for placement in try holder.placements(in: log, positions: first...last) {
                let (replica, seqs) = (placement.replica, placement.seq...placement.lastSeq)
                queued[log, default: [:]][replica, default: IntervalSet()].insert(seqs)
                filled[log, default: [:]][replica, default: IntervalSet()].insert(seqs)
            }
            first = last + 1
        }
    }

    /// Takes note of a refusal; returns whether it is the holder's to know.
    ///
    /// One of what never went up shows that something else arrived than was sent: what was sent
    /// instead would wait for ever.
    mutating func refused(_ refusal: Refusal, now: UInt64) throws(Violation) -> Bool {
        let key = ReplicaInLog(log: refusal.log, replica: refusal.replica)
        guard queued[key.log]?[key.replica] != nil else {
            throw Violation(.unexpected, "a refusal of what was not sent")
        }
        switch refusal.action {
        case .closed, .refused:
            if PlantedBug.refusalBlocksLog.isPlanted { heldBack.insert(key.log) }
            stop(key, from: refusal.accepted &+ 1)
            putOff[key] = nil
            mayHaveMore = true
            return true
        case .missing:
            // All that was on its way is refused alike; it is sent again once.
            guard resentFrom[key] != refusal.seq else { break }
            resentFrom[key] = refusal.seq
            outgoing.remove { $0 == key }
            resend(key, from: refusal.seq)
        case .wait:
            outgoing.remove { $0 == key }
            waiting[key] = now &+ min(refusal.retryAfter, 1 << 40)
            resentFrom[key] = nil
            forget(key, from: refusal.seq)
            if refusal.reason == Refusal.unknownLog { putOff[key, default: 0] += 1 }
        }
        return false
    }

    /// What is before a refused seq goes up again where it is not known to be accepted.
    private mutating func stop(_ key: ReplicaInLog, from seq: UInt64) {
        guard seq < stoppedFrom[key] ?? .max else { return }
        stoppedFrom[key] = seq
        outgoing.remove { $0 == key }
        forget(key, from: 1)
    }

    /// How often the relay has to say that it does not know a log: who has it may come at the same
    /// time.
    private static let unknownMinimum = 3

    /// The logs that wait for somebody else to bring them to the relay, rising.
    var unknownLogs: [LogID] {
        Set(putOff.filter { $0.value >= Self.unknownMinimum }.keys.map(\.log)).sorted()
    }

    /// The relay has heard of a log.
    mutating func known(_ log: LogID) {
        guard !putOff.isEmpty else { return }
        putOff = putOff.filter { $0.key.log != log }
    }

    /// Goes on with those whose time has come.
    mutating func tick(now: UInt64) {
        let due = waiting.filter { $0.value <= now }.keys
        for key in due { waiting[key] = nil }
        if !due.isEmpty { mayHaveMore = true }
    }

    mutating func send(
        names: NameTable, base: UInt64, holder: inout some SyncHolder
    ) throws -> [Frame] {
        var frames = try outgoing.send(names: names, base: base, holder: holder)
        while mayHaveMore, outgoing.isEmpty, outgoing.hasCredit {
            mayHaveMore = false
            try queuePending(holder.pending())
            frames += try outgoing.send(names: names, base: base, holder: holder)
        }
        return frames
    }

    /// Whether nothing is left of what the relay is known to lack.
    var hasSentAll: Bool { outgoing.isEmpty && !mayHaveMore && lacking.isEmpty }

    private func isOpen(_ key: ReplicaInLog) -> Bool {
        waiting[key] == nil && !heldBack.contains(key.log)
    }

    private mutating func queuePending(_ pending: [PendingRange]) {
        for range in pending {
            let key = ReplicaInLog(log: range.log, replica: range.range.replica)
            guard isOpen(key) else { continue }
            var seqs = IntervalSet([range.range.seqs])
            if let known = theirs[key.log] {
                seqs = seqs.subtracting(known[key.replica] ?? IntervalSet())
            }
            queue(key, seqs, joins: theirs[key.log] == nil)
        }
        for log in lacking.keys.sorted() where !heldBack.contains(log) {
            let rest = lacking.removeValue(forKey: log) ?? [:]
            for replica in rest.keys.sorted() {
                let key = ReplicaInLog(log: log, replica: replica)
                guard isOpen(key), let seqs = rest[replica] else { continue }
                queue(key, seqs, joins: false)
            }
        }
    }

    private mutating func queue(_ key: ReplicaInLog, _ seqs: IntervalSet, joins: Bool) {
        let sent = queued[key.log]?[key.replica] ?? IntervalSet()
        var seqs = seqs
        if let first = stoppedFrom[key], let last = seqs.last, last >= first {
            seqs = seqs.subtracting(IntervalSet([max(first, 1)...last]))
        }
        let known = (theirs[key.log]?[key.replica] ?? IntervalSet()).union(sent)
        for part in seqs.subtracting(sent).intervals {
            let follows = joins || known.contains(part.lowerBound - 1)
            outgoing.append(
                .ops(
                    key.log, ReplicaRange(replica: key.replica, seqs: part), joins: follows,
                    withCards: !follows && part.lowerBound > 1))
        }
        queued[key.log, default: [:]][key.replica, default: IntervalSet()].formUnion(seqs)
    }

    private mutating func forget(_ key: ReplicaInLog, from seq: UInt64) {
        guard let sent = queued[key.log]?[key.replica] else { return }
        let from = max(seq, 1)
        if let last = sent.last, last >= from {
            queued[key.log]?[key.replica] = sent.subtracting(IntervalSet([from...last]))
        }
    }

    private mutating func resend(_ key: ReplicaInLog, from seq: UInt64) {
        let last = queued[key.log]?[key.replica]?.last ?? 0
        forget(key, from: seq)
        mayHaveMore = true
        guard last >= max(seq, 1) else { return }
        queue(key, IntervalSet([max(seq, 1)...last]), joins: false)
    }
}
