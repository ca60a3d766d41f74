import FikaChat
package import FikaCRDT
package import FikaLog
package import FikaSync

extension MemoryHolder: SyncHolder {
    package func greeting(
        relay: PublicKey, epoch: Epoch
    ) -> (summary: SyncSummary?, completeUntil: UInt64) {
        guard epoch == self.epoch else {
            return (log.logs().isEmpty ? SyncSummary() : nil, 0)
        }
        // The end of some log is not known to its last word: cursors are to be asked for.
        guard ended.allSatisfy(isOver) else { return (nil, 0) }
        var summary = SyncSummary()
        for id in log.logs() where !ended.contains(id) {
            guard let cursor = orders[id]?.cursor, cursor.position > 0 else { continue }
            summary.add(id, epoch: epoch, cursor: cursor)
        }
        if summary.count == 0, !log.logs().isEmpty { return (nil, 0) }
        // The relay may have lost what this holder can fill it with.
        let mayFill = orders.contains { id, order in
            !ended.contains(id) && order.cursor.position == 0 && order.head != nil
        }
        if mayFill { return (nil, 0) }
        return (summary, completeUntil)
    }

    package mutating func meet(relay: PublicKey, epoch: Epoch, time: UInt64) {
        self.relay = relay
        correction = Int64(time) - Int64(now)
        guard epoch != self.epoch else { return }
        self.epoch = epoch
        completeUntil = 0
        refused = [:]
        // What is over stays as it is (rule ST13).
        for id in orders.keys {
            if isOver(id) { past.insert(id) } else { orders[id]?.startEpoch() }
        }
        for id in own.keys.sorted() { leaveClosed(id) }
    }

    package func cursors() -> [LogCursor] {
        log.logs().filter { !isOver($0) }.map { id in
            let order = past.contains(id) ? nil : orders[id]
            return LogCursor(log: id, cursor: (order ?? HolderOrder(log: id)).cursor)
        }
    }

    /// Whether a log ended, and all that a relay says of its end is here (rule R7).
    private func isOver(_ id: LogID) -> Bool {
        ended.contains(id) && own[id] == nil && !mayRead(id, user)
    }

    package func position(of log: LogID) -> UInt64 {
        past.contains(log) ? 0 : orders[log]?.cursor.position ?? 0
    }

    package func chain(of replica: ReplicaID, in id: LogID, at seq: UInt64) -> Digest? {
        guard seq > 0 else { return Hashes.chainStart(log: id, replica: replica) }
        let interval = log.have(of: replica, in: id).intervals.first {
            $0.first <= seq && seq <= $0.last
        }
        return interval.flatMap { try? log.chain(of: replica, in: id, at: seq, within: $0) }
    }

    package mutating func store(_ arrivals: [Arrival]) throws {
        var copy = self
        let dropped = try copy.take(arrivals, without: [])
        if !dropped.isEmpty {
            copy = self
            _ = try copy.take(arrivals, without: dropped)
        }
        self = copy
    }

    /// Takes arrivals but those of some logs; returns those that may not be kept (rule P3).
    private mutating func take(
        _ arrivals: [Arrival], without dropped: Set<LogID>
    ) throws -> Set<LogID> {
        let held = Set(log.logs())
        var touched: Set<LogID> = []
        var placed: Set<LogID> = []
        for arrival in arrivals {
            switch arrival {
            case .ops(let sealed, let placements):
                let id = sealed.segment.log
                guard !dropped.contains(id) else { continue }
                try append(sealed)
                touched.insert(id)
                place(placements, in: id, &placed)
            case .placed(let id, let placements): place(placements, in: id, &placed)
            case .head(let head):
                orders[head.log, default: HolderOrder(log: head.log)].note(head)
                placed.insert(head.log)
            case .follows(let id, _, _):
                placed.insert(id)
                moveOn(id)
                // An order that ended was not compared: what is told now is the relay's.
                if ended.remove(id) != nil { orders[id]?.letGoOfFormer() }
            case .refused(let refusal):
                refusals.append(refusal)
                refuse(refusal)
            case .ended(let id):
                moveOn(id)
                ended.insert(id)
                placed.insert(id)
            case .orderStartsAgain(let id):
                moveOn(id)
                orders[id]?.letGo()
            case .synced(let time): completeUntil = max(completeUntil, time)
            }
        }
        for id in touched.union(placed).sorted() {
            advance(id)
            leaveClosed(id)
        }
        return touched.filter {
            !held.contains($0) && !placed.contains($0) && !mayRead($0, user)
        }
    }

    private mutating func place(
        _ placements: [Placement], in id: LogID, _ placed: inout Set<LogID>
    ) {
        guard !placements.isEmpty else { return }
        placed.insert(id)
        moveOn(id)
        for placement in placements {
            orders[id, default: HolderOrder(log: id)].place(placement)
            // What another device brought may be accepted though it was refused before.
            if placement.lastSeq >= closed[placement.replica] ?? .max {
                closed[placement.replica] = placement.lastSeq + 1
            }
            kept.removeAll {
                $0.id.log == id && $0.id.dot.replica == placement.replica
                    && (placement.seq...placement.lastSeq).contains($0.id.dot.seq)
            }
        }
    }

    /// A relay of another epoch tells of a log that was over.
    private mutating func moveOn(_ id: LogID) {
        if past.remove(id) != nil { orders[id]?.startEpoch() }
    }

    private mutating func advance(_ id: LogID) {
        let log = log
        orders[id]?.advance { dot in
            log.ops(of: dot.replica, in: id, seqs: dot.seq...dot.seq).first.map {
                ($0.hash, KindFlags(of: $0.kind).contains(.access))
            }
        }
    }

    package mutating func pending() throws -> [PendingRange] {
        for id in own.keys.sorted() { try seal(id) }
        var ranges: [PendingRange] = []
        for id in log.logs() where !isOver(id) { ranges += pending(in: id) }
        return ranges.filter { !$0.isImport } + ranges.filter(\.isImport)
    }

    private func pending(in id: LogID) -> [PendingRange] {
        let access = access(to: id)
        let isNew = orders[id]?.cursor.position ?? 0 == 0
        var ranges: [(time: HybridTime, isOwn: Bool, range: PendingRange)] = []
        for replica in log.replicas(of: id) {
            guard let card = log.card(of: replica, in: id) else { continue }
            let isOwn = card.introduction.publicKey == key.publicKey
            // Of a log that ended not all is held, and others have the rest.
            guard isOwn || !ended.contains(id) else { continue }
            let limit = min(
                access.closedBeyond(replica)?.lastCounting ?? .max,
                (closed[replica] ?? refused[replica] ?? .max) - 1)
            for part in unplaced(of: replica, in: id, upTo: limit) {
                let ops = log.ops(of: replica, in: id, seqs: part)
                ranges.append(
                    (
                        card.time, isOwn,
                        PendingRange(
                            log: id, range: ReplicaRange(replica: replica, seqs: part),
                            isImport: ops.contains { $0.kind == ChatKind.imported.kind })
                    ))
            }
        }
        // A log that no relay knows starts with who made it: the earliest introduction.
        return ranges.sorted {
            if !isNew, $0.isOwn != $1.isOwn { return $0.isOwn }
            return ($0.time, $0.range.range.replica, $0.range.range.seqs.lowerBound)
                < ($1.time, $1.range.range.replica, $1.range.range.seqs.lowerBound)
        }.map(\.range)
    }

    /// What of a replica is held and has no position, and can have one: no relay takes what follows
    /// a gap.
    private func unplaced(
        of replica: ReplicaID, in id: LogID, upTo limit: UInt64
    ) -> [ClosedRange<UInt64>] {
        var seqs = IntervalSet()
        var last: UInt64 = 0
        for dot in log.ops(of: replica, in: id, seqs: 1...Limits.seqMaximum).map(\.id.dot) {
            if orders[id]?.position(of: dot) != nil {
                last = dot.seq
            } else if dot.seq == last + 1, dot.seq <= limit {
                last = dot.seq
                seqs.insert(dot.seq)
            }
        }
        return seqs.intervals
    }

    package func haves(of id: LogID) -> Haves {
        let replicas = log.replicas(of: id).compactMap { replica in
            let intervals = log.have(of: replica, in: id).intervals.map {
                Haves.Interval(seqs: $0.first...$0.last, end: $0.end)
            }
            return intervals.isEmpty
                ? nil : Haves.ReplicaIntervals(replica: replica, intervals: intervals)
        }
        return Haves(log: id, head: orders[id]?.head, replicas: replicas)
    }

    package func placements(
        in id: LogID, positions: ClosedRange<UInt64>
    ) -> [Placement] {
        var placements: [Placement] = []
        for position in positions {
            guard let place = orders[id]?.place(at: position),
                chain(of: place.dot.replica, in: id, at: place.dot.seq) != nil
            else { continue }
            if let last = placements.last, last.replica == place.dot.replica,
                last.lastSeq + 1 == place.dot.seq, last.lastPosition + 1 == position,
                last.acceptedAt == place.acceptedAt
            {
                placements[placements.count - 1].count += 1
            } else {
                placements.append(
                    Placement(
                        replica: place.dot.replica, seq: place.dot.seq, count: 1,
                        position: position, acceptedAt: place.acceptedAt))
            }
        }
        return placements
    }

    package func segments(
        of id: LogID, ranges: [ReplicaRange], withCards: Bool
    ) throws -> [SealedSegment] {
        var exporter = try RangeExporter(
            log: id, of: log, ranges: ranges.map { ($0.replica, $0.seqs) }, withCards: withCards)
        var segments: [SealedSegment] = []
        while let segment = try exporter.next() { segments.append(segment) }
        return segments
    }

    package func logs(readableBy user: UserID) -> [LogID] {
        log.logs().filter { mayRead($0, user) }
    }
}
