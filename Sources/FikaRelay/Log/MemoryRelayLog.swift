package import FikaChat
package import FikaCRDT
package import FikaLog

/// A relay's log in memory: for worlds and transcripts, and the plainest reading of the contract.
package struct MemoryRelayLog: RelayLog, Sendable {
    package typealias Failure = LogError

    private struct Order {
        var order: LogOrder
        var replicas: [ReplicaID: AcceptedReplica] = [:]
        var placed: [PlacedRun] = []
        var early: [EarlyOp] = []
        var aims: [Dot: Set<Dot>] = [:]
        var erasedImports: Set<ImportKey> = []
    }

    private struct Reader: Hashable {
        var workspace: WorkspaceID
        var user: UserID
    }

    private var held = MemoryLog()
    private var begun: Epoch?
    private var orderByLog: [LogID: Order] = [:]
    private var membershipsByReader: [Reader: [LogID: LogMembership]] = [:]
    private var lastNumber: UInt64 = 0

    package init() {}

    package mutating func transaction<Value>(
        _ body: (inout MemoryRelayLog) throws -> Value
    ) throws -> Value {
        let saved = self
        do {
            return try body(&self)
        } catch {
            self = saved
            throw error
        }
    }

    package func epoch() -> Epoch? { begun }

    package mutating func begin(_ epoch: Epoch) {
        begun = epoch
    }

    package func order(of log: LogID) -> LogOrder? { orderByLog[log]?.order }

    package mutating func setOrder(_ order: LogOrder) {
        var order = order
        if order.number == 0 {
            lastNumber += 1
            order.number = lastNumber
        }
        orderByLog[order.log, default: Order(order: order)].order = order
    }

    package func orders() -> [LogOrder] {
        orderByLog.values.map(\.order).sorted { $0.log < $1.log }
    }

    package func accepted(of replica: ReplicaID, in log: LogID) -> AcceptedReplica? {
        orderByLog[log]?.replicas[replica]
    }

    package func acceptedReplicas(of log: LogID) -> [AcceptedReplica] {
        (orderByLog[log]?.replicas.values).map { $0.sorted { $0.number < $1.number } } ?? []
    }

    package mutating func setAccepted(_ replica: AcceptedReplica, in log: LogID) {
        orderByLog[log]?.replicas[replica.replica] = replica
    }

    package mutating func place(_ placement: Placement, running: Digest, in log: LogID) {
        let placed = PlacedRun(placement: placement, running: running)
        orderByLog[log]?.placed.append(placed)
        orderByLog[log]?.placed.sort { $0.placement.position < $1.placement.position }
    }

    package func placements(
        in log: LogID, positions: ClosedRange<UInt64>, limit: Int
    ) -> [PlacedRun] {
        let placed = orderByLog[log]?.placed ?? []
        let touched = placed.filter {
            $0.placement.position <= positions.upperBound
                && $0.placement.lastPosition >= positions.lowerBound
        }
        return Array(touched.prefix(limit))
    }

    package func lastPlacement(in log: LogID, acceptedUntil time: UInt64) -> PlacedRun? {
        orderByLog[log]?.placed.last { $0.placement.acceptedAt <= time }
    }

    package func placements(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) -> [Placement] {
        let placed = orderByLog[log]?.placed ?? []
        return placed.map(\.placement).filter { $0.replica == replica }.compactMap { placement in
            let first = max(placement.seq, seqs.lowerBound)
            let last = min(placement.lastSeq, seqs.upperBound)
            guard first <= last else { return nil }
            return Placement(
                replica: replica, seq: first, count: last - first + 1,
                position: placement.position + (first - placement.seq),
                acceptedAt: placement.acceptedAt)
        }.sorted { $0.seq < $1.seq }
    }

    package func newest(in log: LogID, before time: HybridTime, limit: Int) -> [Dot] {
        let ops = held.replicas(of: log).flatMap { replica in
            held.ops(of: replica, in: log, seqs: 1...Limits.seqMaximum)
        }
        guard limit > 0 else { return [] }
        var newest = NewestOps(before: time, rows: limit)
        newest.add(ops.lazy.map { (dot: $0.id.dot, kind: $0.kind, time: $0.time) })
        return newest.dots
    }

    package mutating func noteEarly(_ dot: Dot, at position: UInt64, in log: LogID) {
        orderByLog[log]?.early.append(EarlyOp(dot: dot, position: position))
        orderByLog[log]?.early.sort { $0.position < $1.position }
    }

    package func early(in log: LogID, after position: UInt64, limit: Int) -> [EarlyOp] {
        let early = orderByLog[log]?.early ?? []
        return Array(early.filter { $0.position > position }.prefix(limit))
    }

    package mutating func noteAim(of dot: Dot, at target: Dot, in log: LogID) {
        orderByLog[log]?.aims[target, default: []].insert(dot)
    }

    package mutating func noteErasedImport(_ key: ImportKey, in log: LogID) {
        orderByLog[log]?.erasedImports.insert(key)
    }

    package func erasedImports(of log: LogID) -> Set<ImportKey> {
        orderByLog[log]?.erasedImports ?? []
    }

    package func aims(at target: Dot, in log: LogID) -> [Dot] {
        orderByLog[log]?.aims[target]?.sorted() ?? []
    }

    package mutating func setMembership(
        _ membership: LogMembership, of user: UserID, in workspace: WorkspaceID
    ) {
        let reader = Reader(workspace: workspace, user: user)
        membershipsByReader[reader, default: [:]][membership.log] = membership
    }

    package func memberships(of user: UserID, in workspace: WorkspaceID) -> [LogMembership] {
        let reader = Reader(workspace: workspace, user: user)
        return membershipsByReader[reader]?.values.sorted { $0.log < $1.log } ?? []
    }
}

extension MemoryRelayLog {
    package func logs() -> [LogID] { held.logs() }

    package func replicas(of log: LogID) -> [ReplicaID] { held.replicas(of: log) }

    package func card(of replica: ReplicaID, in log: LogID) -> Card? {
        held.card(of: replica, in: log)
    }

    package func have(of replica: ReplicaID, in log: LogID) -> ReplicaHave {
        held.have(of: replica, in: log)
    }

    package func seals(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) -> [HeldSeal] {
        held.seals(of: replica, in: log, seqs: seqs)
    }

    package func ops(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) -> [Op] {
        held.ops(of: replica, in: log, seqs: seqs)
    }

    package mutating func append(
        _ segment: VerifiedSegment
    ) throws(LogError) -> AppendReport {
        try held.append(segment)
    }

    package mutating func erase(_ id: OpID, residue: [UInt8]) throws(LogError) {
        try held.erase(id, residue: residue)
    }
}
