package import FikaChat
package import FikaCRDT
package import FikaLog

package import FikaRelay

/// The relay's disk: what was committed outlives the process, and a crash is possible around each
/// transaction.
///
/// It also keeps account of every position that was ever committed.
package final class WorldRelayLog: RelayLog {
    package typealias Failure = any Error

    package static func contradiction(_ what: String) -> any Error {
        SQLiteRelayLog.contradiction(what)
    }

    /// Where it lies, when that is a disk that can fail; otherwise it is in memory.
    package let place: RelayDisk?
    private var base: any RelayLog
    private let crash: CrashPoint
    private let ledger: WorldLedger
    /// The placements of the transaction under way.
    private var placing: [(log: LogID, placement: Placement)] = []
    /// Those of transactions that failed, while nobody knows whether they are on the disk.
    private var unsure: [(log: LogID, placement: Placement)] = []
    /// What is on disk where a planted fault leaves the last commits in memory.
    private var synced: any RelayLog
    private var unsynced = 0

    package init(crash: CrashPoint, ledger: WorldLedger, place: RelayDisk? = nil) {
        self.place = place
        self.crash = crash
        self.ledger = ledger
        base = MemoryRelayLog()
        synced = base
    }

    /// The process starts again with what is on disk.
    ///
    /// - Returns: The relay's key, where the disk has one.
    package func restart() throws -> DeviceKey? {
        if let place {
            try place.disk.restart()
            let log = try place.open()
            base = log
            try settle()
            return log.key
        }
        if PlantedBug.forwardsBeforeCommit.isPlanted { base = synced }
        unsynced = 0
        return nil
    }

    /// The process is gone.
    package func stop() {
        guard let place else { return }
        place.disk.stop()
        try? (base as? SQLiteRelayLog)?.close()
        base = MemoryRelayLog()
    }

    /// Whether the process stopped in the middle of an operation of its disk.
    package var hasStopped: Bool { place?.disk.isStopped ?? false }

    /// Does what may wait.
    package func tidy() throws {
        if let log = base as? SQLiteRelayLog { while try log.tidy() {} }
    }

    /// The disk is lost.
    package func wipe() throws {
        try place?.wipe()
        unsure = []
        base = MemoryRelayLog()
        synced = base
    }

    private enum Copy {
        case memory(any RelayLog)
        /// With placements of which nobody knew whether they are in it.
        case files([String: [UInt8]], unsure: [(log: LogID, placement: Placement)])
    }

    private var copied: Copy?

    package var hasCopy: Bool { copied != nil }

    /// The disk is copied.
    package func copy() throws {
        copied = try place.map { .files(try $0.disk.copy(), unsure: unsure) } ?? .memory(base)
    }

    /// The copy takes the disk's place; where the relay finds that out, an epoch begins (RS4).
    package func putBack(beginning epoch: Epoch?) throws {
        switch copied {
        case .memory(let log): putBack(log, beginning: epoch)
        // A marker that stays the same file is taken for what was left there.
        case .files(let files, let unsure):
            try place?.disk.replace(with: files, inPlace: epoch == nil)
            self.unsure = unsure
        case nil: return
        }
        copied = nil
    }

    private func putBack(_ copied: any RelayLog, beginning epoch: Epoch?) {
        base = copied
        synced = base
        guard let epoch else { return }
        do {
            for var order in try base.orders() {
                order.firstGiven = nil
                try base.setOrder(order)
            }
            try base.begin(epoch)
        } catch {
            ledger.find("a copy of the relay's log cannot be written: \(error)")
        }
    }

    package func transaction<Value>(
        _ body: (inout WorldRelayLog) throws -> Value
    ) throws -> Value {
        try crash.pass()
        placing = []
        let value: Value
        do {
            value = try commit(body)
        } catch {
            if place != nil { unsure += placing }
            throw error
        }
        if !placing.isEmpty { try settle() }
        for (log, placement) in placing { ledger.commit(placement, of: log) }
        sync()
        try crash.pass()
        return value
    }

    private func commit<Value>(_ body: (inout WorldRelayLog) throws -> Value) throws -> Value {
        var log = self
        if var sqlite = base as? SQLiteRelayLog {
            return try sqlite.transaction { _ in
                let value = try body(&log)
                try crash.pass()
                return value
            }
        }
        let saved = base
        do {
            let value = try body(&log)
            try crash.pass()
            return value
        } catch {
            base = saved
            throw error
        }
    }

    /// Looks up which placements of failed transactions are on the disk after all.
    private func settle() throws {
        for (log, placement) in unsure {
            let seqs = placement.seq...placement.lastSeq
            for found in try base.placements(of: placement.replica, in: log, seqs: seqs) {
                ledger.commit(found, of: log)
            }
        }
        unsure = []
    }

    /// A disk that is told to keep everything at once does; the planted one lags by some commits.
    private func sync() {
        guard PlantedBug.forwardsBeforeCommit.isPlanted else { return }
        unsynced += 1
        guard unsynced == 6 else { return }
        unsynced = 0
        synced = base
    }

    package func setOrder(_ order: LogOrder) throws {
        try base.setOrder(order)
    }

    package func place(_ placement: Placement, running: Digest, in log: LogID) throws {
        placing.append((log, placement))
        try base.place(placement, running: running, in: log)
    }

    package func order(of log: LogID) throws -> LogOrder? {
        guard PlantedBug.givesPositionTwice.isPlanted, var order = try base.order(of: log),
            order.position > 6
        else { return try base.order(of: log) }
        order.position -= 1
        return order
    }
}

// What is passed on as it is.
extension WorldRelayLog {
    package func epoch() throws -> Epoch? { try base.epoch() }

    package func begin(_ epoch: Epoch) throws { try base.begin(epoch) }

    package func orders() throws -> [LogOrder] { try base.orders() }

    package func accepted(of replica: ReplicaID, in log: LogID) throws -> AcceptedReplica? {
        try base.accepted(of: replica, in: log)
    }

    package func acceptedReplicas(of log: LogID) throws -> [AcceptedReplica] {
        try base.acceptedReplicas(of: log)
    }

    package func setAccepted(_ replica: AcceptedReplica, in log: LogID) throws {
        try base.setAccepted(replica, in: log)
    }

    package func placements(
        in log: LogID, positions: ClosedRange<UInt64>, limit: Int
    ) throws -> [PlacedRun] {
        try base.placements(in: log, positions: positions, limit: limit)
    }

    package func lastPlacement(in log: LogID, acceptedUntil time: UInt64) throws -> PlacedRun? {
        try base.lastPlacement(in: log, acceptedUntil: time)
    }

    package func placements(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) throws -> [Placement] {
        try base.placements(of: replica, in: log, seqs: seqs)
    }

    package func newest(in log: LogID, before time: HybridTime, limit: Int) throws -> [Dot] {
        try base.newest(in: log, before: time, limit: limit)
    }

    package func noteEarly(_ dot: Dot, at position: UInt64, in log: LogID) throws {
        try base.noteEarly(dot, at: position, in: log)
    }

    package func early(in log: LogID, after position: UInt64, limit: Int) throws -> [EarlyOp] {
        try base.early(in: log, after: position, limit: limit)
    }

    package func noteErasedImport(_ key: ImportKey, in log: LogID) throws {
        try base.noteErasedImport(key, in: log)
    }

    package func erasedImports(of log: LogID) throws -> Set<ImportKey> {
        try base.erasedImports(of: log)
    }

    package func noteAim(of dot: Dot, at target: Dot, in log: LogID) throws {
        try base.noteAim(of: dot, at: target, in: log)
    }

    package func aims(at target: Dot, in log: LogID) throws -> [Dot] {
        try base.aims(at: target, in: log)
    }

    package func setMembership(
        _ membership: LogMembership, of user: UserID, in workspace: WorkspaceID
    ) throws {
        try base.setMembership(membership, of: user, in: workspace)
    }

    package func memberships(of user: UserID, in workspace: WorkspaceID) throws -> [LogMembership] {
        try base.memberships(of: user, in: workspace)
    }

    package func logs() throws -> [LogID] { try base.logs() }

    package func replicas(of log: LogID) throws -> [ReplicaID] { try base.replicas(of: log) }

    package func card(of replica: ReplicaID, in log: LogID) throws -> Card? {
        try base.card(of: replica, in: log)
    }

    package func have(of replica: ReplicaID, in log: LogID) throws -> ReplicaHave {
        try base.have(of: replica, in: log)
    }

    package func seals(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) throws -> [HeldSeal] {
        try base.seals(of: replica, in: log, seqs: seqs)
    }

    package func ops(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) throws -> [Op] {
        try base.ops(of: replica, in: log, seqs: seqs)
    }

    package func append(_ segment: VerifiedSegment) throws -> AppendReport {
        try base.append(segment)
    }

    package func erase(_ id: OpID, residue: [UInt8]) throws {
        try base.erase(id, residue: residue)
    }
}
