package import FikaChat
package import FikaCRDT
package import FikaLog
package import FikaSync

/// A client's holder in memory, and the plain reading of what ``SyncHolder`` asks.
///
/// Whoever compares it with a store: it keeps no views, it works everything out when asked.
package struct MemoryHolder: Sendable {
    package let user: UserID
    package let key: DeviceKey
    package let workspace: WorkspaceID
    /// The device's own clock; moved by hand.
    package var now: UInt64
    package var correction: Int64 = 0
    package internal(set) var log = MemoryLog() { didSet { memo = AccessMemo() } }
    package internal(set) var relay: PublicKey? { didSet { memo = AccessMemo() } }
    package internal(set) var epoch: Epoch?
    package internal(set) var completeUntil: UInt64 = 0
    package internal(set) var refusals: [Refusal] = []
    package internal(set) var ended: Set<LogID> = []
    /// Those of them whose order is of an epoch before.
    var past: Set<LogID> = []
    /// What could not be said again, to be shown to its author.
    package internal(set) var kept: [Op] = []
    var orders: [LogID: HolderOrder] = [:] { didSet { memo = AccessMemo() } }
    var own: [LogID: OwnReplica] = [:] { didSet { memo = AccessMemo() } }
    private var memo = AccessMemo()
    let seals: CheckedSeals
    /// From which seq on no relay takes an own replica's ops.
    var closed: [ReplicaID: UInt64] = [:] { didSet { memo = AccessMemo() } }
    /// The same of others' replicas, as the present relay says.
    var refused: [ReplicaID: UInt64] = [:] { didSet { memo = AccessMemo() } }
    var clocks: [LogID: HybridClock] = [:]
    var generator: SplitMix64

    package init(
        user: UserID, seed: UInt64, workspace: WorkspaceID, now: UInt64 = 1_767_603_600_000,
        seals: CheckedSeals = CheckedSeals()
    ) {
        self.seals = seals
        self.user = user
        self.workspace = workspace
        self.now = now
        generator = SplitMix64(seed: seed)
        key = DeviceKey(using: &generator)
    }

    package var corrected: UInt64 {
        correction < 0 ? now - min(now, correction.magnitude) : now + correction.magnitude
    }

    /// How far this holder is in a log's order.
    package func cursor(of log: LogID) -> Cursor? { orders[log]?.cursor }

    /// The ops of a log, own unsealed ones last.
    package func ops(of id: LogID) -> [Op] {
        var ops: [Op] = []
        for replica in log.replicas(of: id) {
            ops += log.ops(of: replica, in: id, seqs: 1...Limits.seqMaximum)
        }
        return ops + (own[id]?.unsealed.map(\.op) ?? [])
    }

    /// Who may what in a log, under everything held.
    package func access(to id: LogID) -> AccessHistory {
        memo.access(to: id) { workOutAccess(to: id) }
    }

    private func workOutAccess(to id: LogID) -> AccessHistory {
        var authors: [ReplicaID: Introduction] = [:]
        for replica in log.replicas(of: id) {
            authors[replica] = log.card(of: replica, in: id)?.introduction
        }
        if let own = own[id] { authors[own.introduction.replica] = own.introduction }
        let preimage = authors.values.compactMap(\.preimage).first {
            Hashes.derivedLogID($0) == id
        }
        let fold = AccessFold(
            log: id, preimage: preimage, trustedRelays: relay.map { [$0] } ?? [])
        let ops = ops(of: id).compactMap { op -> AccessOp? in
            let dot = op.id.dot
            guard KindFlags(of: op.kind).contains(.access), let author = authors[dot.replica],
                let content = try? ChatOp.decode(op)
            else { return nil }
            let position = orders[id]?.position(of: dot)
            // What no relay takes lets nobody in or out.
            guard position != nil || !isRefused(dot) else { return nil }
            return AccessOp(
                point: position.map { .accepted($0) } ?? .pending(op.stamp), dot: dot,
                author: AccessAuthor(author), content: content)
        }
        return fold.history(of: ops)
    }

    private func isRefused(_ dot: Dot) -> Bool {
        dot.seq >= min(closed[dot.replica] ?? .max, refused[dot.replica] ?? .max)
    }

    package func mayRead(_ id: LogID, _ user: UserID) -> Bool {
        let access = access(to: id)
        return access.kind == .directory || access.role(of: user) != nil
    }

    /// Logs of which anything is held, or written here, rising.
    var allLogs: [LogID] { Set(log.logs()).union(own.keys).sorted() }
}
