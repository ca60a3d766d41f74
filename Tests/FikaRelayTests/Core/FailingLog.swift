import FikaCRDT
import FikaChat
import FikaLog
import FikaRelay

/// A log whose second transaction fails when it is to reach the disk.
struct FailingLog: RelayLog {
    typealias Failure = LogError

    struct DiskFull: Error {}

    private var log = MemoryRelayLog()
    private var transactions = 0

    mutating func transaction<Value>(_ body: (inout FailingLog) throws -> Value) throws -> Value {
        let saved = log
        transactions += 1
        let value = try body(&self)
        if transactions > 1 {
            log = saved
            throw DiskFull()
        }
        return value
    }

    func epoch() -> Epoch? { log.epoch() }
    mutating func begin(_ epoch: Epoch) { log.begin(epoch) }
    func order(of id: LogID) -> LogOrder? { log.order(of: id) }
    mutating func setOrder(_ order: LogOrder) { log.setOrder(order) }
    func orders() -> [LogOrder] { log.orders() }
    func accepted(of replica: ReplicaID, in id: LogID) -> AcceptedReplica? {
        log.accepted(of: replica, in: id)
    }
    func acceptedReplicas(of id: LogID) -> [AcceptedReplica] { log.acceptedReplicas(of: id) }
    mutating func setAccepted(_ replica: AcceptedReplica, in id: LogID) {
        log.setAccepted(replica, in: id)
    }
    mutating func place(_ placement: Placement, running: Digest, in id: LogID) {
        log.place(placement, running: running, in: id)
    }
    func placements(in id: LogID, positions: ClosedRange<UInt64>, limit: Int) -> [PlacedRun] {
        log.placements(in: id, positions: positions, limit: limit)
    }
    func lastPlacement(in id: LogID, acceptedUntil time: UInt64) -> PlacedRun? {
        log.lastPlacement(in: id, acceptedUntil: time)
    }
    func placements(
        of replica: ReplicaID, in id: LogID, seqs: ClosedRange<UInt64>
    ) -> [Placement] {
        log.placements(of: replica, in: id, seqs: seqs)
    }
    func newest(in id: LogID, before time: HybridTime, limit: Int) -> [Dot] {
        log.newest(in: id, before: time, limit: limit)
    }
    mutating func noteEarly(_ dot: Dot, at position: UInt64, in id: LogID) {
        log.noteEarly(dot, at: position, in: id)
    }
    func early(in id: LogID, after position: UInt64, limit: Int) -> [EarlyOp] {
        log.early(in: id, after: position, limit: limit)
    }
    mutating func noteErasedImport(_ key: ImportKey, in id: LogID) {
        log.noteErasedImport(key, in: id)
    }
    func erasedImports(of id: LogID) -> Set<ImportKey> { log.erasedImports(of: id) }
    mutating func noteAim(of dot: Dot, at target: Dot, in id: LogID) {
        log.noteAim(of: dot, at: target, in: id)
    }
    func aims(at target: Dot, in id: LogID) -> [Dot] { log.aims(at: target, in: id) }
    mutating func setMembership(
        _ membership: LogMembership, of user: UserID, in workspace: WorkspaceID
    ) {
        log.setMembership(membership, of: user, in: workspace)
    }
    func memberships(of user: UserID, in workspace: WorkspaceID) -> [LogMembership] {
        log.memberships(of: user, in: workspace)
    }
}

extension FailingLog: OpLog {
    func logs() -> [LogID] { log.logs() }
    func replicas(of id: LogID) -> [ReplicaID] { log.replicas(of: id) }
    func card(of replica: ReplicaID, in id: LogID) -> Card? { log.card(of: replica, in: id) }
    func have(of replica: ReplicaID, in id: LogID) -> ReplicaHave { log.have(of: replica, in: id) }
    func seals(of replica: ReplicaID, in id: LogID, seqs: ClosedRange<UInt64>) -> [HeldSeal] {
        log.seals(of: replica, in: id, seqs: seqs)
    }
    func ops(of replica: ReplicaID, in id: LogID, seqs: ClosedRange<UInt64>) -> [Op] {
        log.ops(of: replica, in: id, seqs: seqs)
    }
    mutating func append(_ segment: VerifiedSegment) throws(LogError) -> AppendReport {
        try log.append(segment)
    }
    mutating func erase(_ id: OpID, residue: [UInt8]) throws(LogError) {
        try log.erase(id, residue: residue)
    }
}
