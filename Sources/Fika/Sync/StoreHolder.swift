import FikaChat
package import FikaCRDT
package import FikaLog
package import FikaStore
package import FikaSync

/// A store as a session sees it.
///
/// It only translates: what is stored, and when, is the store's to know.
package struct StoreHolder: SyncHolder, Sendable {
    private let store: Store

    /// Creates the holder of a store that is open for writing.
    package init(_ store: Store) {
        self.store = store
    }

    package func greeting(
        relay: PublicKey, epoch: Epoch
    ) throws -> (summary: SyncSummary?, completeUntil: UInt64) {
        try store.greeting(epoch: epoch)
    }

    package mutating func meet(relay: PublicKey, epoch: Epoch, time: UInt64) throws {
        try store.meet(relay: relay, epoch: epoch, time: time)
    }

    package func cursors() throws -> [LogCursor] {
        try store.read { try SyncQueries($0).cursors() }.map { log, cursor in
            cursor.map { LogCursor(log: log, cursor: $0) }
                ?? LogCursor(log: log, position: 0, runningPrefix: 0)
        }
    }

    package func position(of log: LogID) throws -> UInt64 {
        try store.read { try SyncQueries($0).position(of: log) }
    }

    package func chain(of replica: ReplicaID, in log: LogID, at seq: UInt64) throws -> Digest? {
        try store.read { try SyncQueries($0).chain(of: replica, in: log, at: seq) }
    }

    package mutating func store(_ arrivals: [Arrival]) throws {
        try store.receive(arrivals.compactMap(Received.init))
    }

    package mutating func pending() throws -> [PendingRange] {
        try store.pending().map {
            PendingRange(
                log: $0.log, range: ReplicaRange(replica: $0.replica, seqs: $0.seqs),
                isImport: $0.isImport)
        }
    }

    package func haves(of log: LogID) throws -> Haves {
        let (head, replicas) = try store.read { try SyncQueries($0).haves(of: log) }
        return Haves(
            log: log, head: head,
            replicas: replicas.map { replica, have in
                Haves.ReplicaIntervals(
                    replica: replica,
                    intervals: have.intervals.map {
                        Haves.Interval(seqs: $0.first...$0.last, end: $0.end)
                    })
            })
    }

    package func placements(
        in log: LogID, positions: ClosedRange<UInt64>
    ) throws -> [Placement] {
        try store.read { try SyncQueries($0).placements(in: log, positions: positions) }
    }

    package func segments(
        of log: LogID, ranges: [ReplicaRange], withCards: Bool
    ) throws -> [SealedSegment] {
        try store.read {
            try SyncQueries($0).segments(
                of: log, ranges: ranges.map { ($0.replica, $0.seqs) }, withCards: withCards)
        }
    }

    package func logs(readableBy user: UserID) throws -> [LogID] {
        try store.read { try SyncQueries($0).logs(readableBy: user) }
    }
}

extension Received {
    /// Nil for what asks for nothing to be stored.
    fileprivate init?(_ arrival: Arrival) {
        switch arrival {
        case .ops(let sealed, let placements): self = .ops(sealed, placements)
        case .placed(let log, let placements): self = .placed(log, placements)
        case .head(let head): self = .head(head)
        case .follows(let log, _, let position): self = .follows(log, position: position)
        case .refused(let refusal):
            guard let refused = RefusedOps(refusal) else { return nil }
            self = .refused(refused)
        case .ended(let log): self = .ended(log)
        case .orderStartsAgain(let log): self = .orderStartsAgain(log)
        case .synced(let time): self = .synced(time)
        }
    }
}

extension RefusedOps {
    /// Nil for a refusal that does not last: the session sends again.
    fileprivate init?(_ refusal: FikaSync.Refusal) {
        switch refusal.action {
        case .missing, .wait: return nil
        case .closed, .refused:
            self.init(
                log: refusal.log, replica: refusal.replica, seq: refusal.seq,
                isClosed: refusal.action == .closed,
                reason: CloseReason(rawValue: refusal.reason))
        }
    }
}
