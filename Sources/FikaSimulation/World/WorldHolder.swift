package import FikaCRDT
package import FikaChat
package import FikaLog

package import FikaSync

/// A client's disk in memory: what was committed outlives the process, and a crash is possible
/// around each transaction.
package final class WorldHolder: SyncHolder {
    package private(set) var base: MemoryHolder
    private let crash: CrashPoint
    /// Where a planted fault keeps a cursor without the ops: as if they were there.
    private var ahead: MemoryHolder?
    /// Where a planted fault loses the last write with the process.
    private var beforeWrite: MemoryHolder?
    /// What may take the disk's place.
    private var copied: MemoryHolder?

    package init(_ base: MemoryHolder, crash: CrashPoint) {
        self.base = base
        self.crash = crash
    }

    /// Writes something; when this returns, it is on disk.
    private func write<Value>(_ body: (inout MemoryHolder) -> Value) throws -> Value {
        try crash.pass()
        if PlantedBug.returnsBeforeCommit.isPlanted { beforeWrite = base }
        let value = body(&base)
        try crash.pass()
        return value
    }

    private func commit<Value>(_ body: (inout MemoryHolder) throws -> Value) throws -> Value {
        try crash.pass()
        var copy = base
        let value = try body(&copy)
        do {
            try crash.pass()
        } catch {
            if PlantedBug.keepsCursorAlone.isPlanted { ahead = copy }
            throw error
        }
        base = copy
        beforeWrite = nil
        try crash.pass()
        return value
    }

    package func meet(relay: PublicKey, epoch: Epoch, time: UInt64) throws {
        try commit { $0.meet(relay: relay, epoch: epoch, time: time) }
    }

    package func store(_ arrivals: [Arrival]) throws {
        if ahead != nil { try? ahead?.store(arrivals) }
        try commit { try $0.store(arrivals) }
    }

    package func pending() throws -> [PendingRange] {
        try commit { try $0.pending() }
    }
}

// What only reads.
extension WorldHolder {
    package func greeting(
        relay: PublicKey, epoch: Epoch
    ) throws -> (summary: SyncSummary?, completeUntil: UInt64) {
        (ahead ?? base).greeting(relay: relay, epoch: epoch)
    }

    package func cursors() throws -> [LogCursor] { (ahead ?? base).cursors() }

    package func position(of log: LogID) throws -> UInt64 {
        max(base.position(of: log), ahead?.position(of: log) ?? 0)
    }

    package func chain(of replica: ReplicaID, in log: LogID, at seq: UInt64) throws -> Digest? {
        base.chain(of: replica, in: log, at: seq)
    }

    package func haves(of log: LogID) throws -> Haves { base.haves(of: log) }

    package func placements(
        in log: LogID, positions: ClosedRange<UInt64>
    ) throws -> [Placement] {
        base.placements(in: log, positions: positions)
    }

    package func segments(
        of log: LogID, ranges: [ReplicaRange], withCards: Bool
    ) throws -> [SealedSegment] {
        try base.segments(of: log, ranges: ranges, withCards: withCards)
    }

    package func logs(readableBy user: UserID) throws -> [LogID] {
        base.logs(readableBy: user)
    }
}

extension WorldHolder: SimulatedStore {
    package var key: DeviceKey { base.key }

    package func setClock(_ wall: UInt64) {
        base.now = wall
    }

    package var disk: SimulatedDisk? { nil }

    package func stop() {}

    package func copy() { copied = base }

    package func putBack(seed: UInt64, isNoticed: Bool) {
        guard var copied else { return }
        copied.now = base.now
        if isNoticed {
            copied.goOnAnew(seed: seed)
        } else {
            // What is drawn from now on is not what was drawn after the copy was made.
            copied.generator = SplitMix64(seed: seed)
        }
        base = copied
        self.copied = nil
        beforeWrite = nil
        ahead = nil
    }

    package func cloned(crash: CrashPoint, seed: UInt64) -> any SimulatedStore {
        var copy = base
        copy.goOnAnew(seed: seed)
        return WorldHolder(copy, crash: crash)
    }

    package func restart() {
        crash.restart()
        if let beforeWrite { base = beforeWrite }
        beforeWrite = nil
    }

    package func makeRoom(_ name: String) throws -> OpID {
        try write { base in
            let log = base.makeRoom(name)
            guard let own = base.own[log] else { preconditionFailure("it was just written here") }
            return OpID(log: log, replica: own.introduction.replica, seq: own.last)
        }
    }

    package func write(
        _ kind: ChatKind, target: Dot?, body: [UInt8], in log: LogID, preimage: LogPreimage?
    ) throws -> OpID? {
        try write { $0.write(kind, target: target, body: body, in: log, preimage: preimage).id }
    }

    /// Says something as if it were another op, said again.
    func forge(_ text: String, of op: Op) throws {
        try write { base in
            base.introduce(in: op.id.log, preimage: nil)
            base.append(
                ChatKind.message.kind, body: MessageBody(text: text).body,
                salt: Salt(using: &base.generator),
                origin: Origin(dot: op.id.dot, bodyHash: op.bodyHash), in: op.id.log)
        }
    }

    package func allLogs() -> [LogID] { base.allLogs }

    package func sealedLogs() -> [LogID] { base.log.logs() }

    package func ops(of log: LogID) -> [HeldOp] { base.heldOps(of: log) }

    package func access(to log: LogID) -> AccessHistory { base.access(to: log) }

    package func cursor(of log: LogID) -> Cursor? { base.cursor(of: log) }

    package func kept() -> [Op] { base.kept }

    /// Nothing is folded here.
    package func emptied(in log: LogID) -> [OpID] { [] }

    package func unsent() -> String? {
        var copy = base
        do {
            let ranges = try copy.pending()
            return ranges.isEmpty ? nil : "\(ranges.count) ranges to send, \(ranges[0])"
        } catch {
            return "what it cannot seal: \(error)"
        }
    }

    package func audit() -> [String] { [] }

    package var refusalCount: Int? { base.refusals.count }
}
