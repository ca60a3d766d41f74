import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport

/// A relay on paper: it takes what a store has pending, gives positions, signs heads and closes.
final class PaperRelay {
    let key: DeviceKey
    let clock: TestClock
    var epoch = Epoch(raw: 7)
    private(set) var log = MemoryLog()
    private(set) var placements: [LogID: [Placement]] = [:]
    private var replicas: [LogID: TestReplica] = [:]

    init(seed: UInt64 = 99, clock: TestClock) {
        var generator = SplitMix64(seed: seed)
        key = DeviceKey(using: &generator)
        self.clock = clock
    }

    func meet(_ tests: TestStore...) throws {
        for test in tests {
            try test.store.meet(relay: key.publicKey, epoch: epoch, time: clock.now)
        }
    }

    func position(of log: LogID) -> UInt64 { placements[log]?.last?.lastPosition ?? 0 }

    /// Takes what a store has pending; answers with the positions unless told not to.
    func take(from test: TestStore, answers: Bool = true) throws {
        for part in try test.store.pending() {
            let segments = try test.store.read {
                try SyncQueries($0).segments(
                    of: part.log, ranges: [(part.replica, part.seqs)], withCards: true)
            }
            for segment in segments { try append(segment) }
            let placed = place(part.replica, part.seqs, in: part.log)
            if answers { try test.store.receive([.placed(part.log, [placed])]) }
        }
    }

    func append(_ segment: SealedSegment) throws {
        let id = segment.segment.log
        let verified = try SegmentVerifier.verify(
            segment, known: { log.card(of: $0, in: id) })
        _ = try log.append(verified)
    }

    @discardableResult
    func place(
        _ replica: ReplicaID, _ seqs: ClosedRange<UInt64>, in log: LogID
    ) -> Placement {
        let placement = Placement(
            replica: replica, seq: seqs.lowerBound, count: UInt64(seqs.count),
            position: position(of: log) + 1, acceptedAt: clock.now)
        placements[log, default: []].append(placement)
        return placement
    }

    /// What a connection tells of a log, from a position on.
    func told(_ id: LogID, after position: UInt64 = 0) throws -> [Received] {
        var told: [Received] = [.follows(id, position: self.position(of: id))]
        for placement in placements[id] ?? [] where placement.lastPosition > position {
            told += try ops(placement, in: id)
        }
        return told
    }

    func ops(_ placement: Placement, in id: LogID) throws -> [Received] {
        var exporter = try RangeExporter(
            log: id, of: log,
            ranges: [(placement.replica, placement.seq...placement.lastSeq)], withCards: true)
        var told: [Received] = []
        while let segment = try exporter.next() {
            told.append(.ops(segment, told.isEmpty ? [placement] : []))
        }
        return told
    }

    /// The running hashes over the whole order.
    func head(of id: LogID, at position: UInt64? = nil) throws -> Head {
        var running = RunningHash.start(log: id)
        var access = running
        var last: UInt64 = 0
        for placement in placements[id] ?? [] {
            let ops = log.ops(
                of: placement.replica, in: id, seqs: placement.seq...placement.lastSeq)
            for op in ops where last < position ?? .max {
                last += 1
                running = RunningHash.next(after: running, opHash: op.hash)
                if KindFlags(of: op.kind).contains(.access) {
                    access = RunningHash.nextAccess(
                        after: access, opHash: op.hash, position: last)
                }
            }
        }
        return Head.signed(
            log: id, epoch: epoch, position: last, running: running, access: access, by: key)
    }

    /// Closes a replica at its accepted head; gives what its author is told.
    func close(
        _ replica: ReplicaID, at seq: UInt64, _ reason: CloseReason, in id: LogID
    ) throws -> [Received] {
        let isNew = replicas[id] == nil
        var own = try replicas[id] ?? relayReplica(in: id)
        let first = isNew ? 1 : own.last + 1
        let chain: Digest
        if seq == 0 {
            chain = Hashes.chainStart(log: id, replica: replica)
        } else {
            let held = log.have(of: replica, in: id).intervals[0]
            chain = try log.chain(of: replica, in: id, at: seq, within: held)
        }
        let body = Close(replica: replica, seq: seq, chain: chain, reason: reason).body
        own.write(
            ChatKind.close.kind, body: body, time: HybridTime(milliseconds: clock.now))
        for segment in own.handOver() { try append(segment) }
        replicas[id] = own
        return try ops(place(own.id, first...own.last, in: id), in: id)
    }

    private func relayReplica(in id: LogID) throws -> TestReplica {
        TestReplica(relay: key, seed: 5, log: id)
    }
}
