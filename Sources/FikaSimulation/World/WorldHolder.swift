package import FikaCRDT
import FikaChat
package import FikaLog

package import FikaSync

/// A client's disk: what was committed outlives the process, and a crash is possible around each
/// transaction.
package final class WorldHolder: SyncHolder {
    package private(set) var base: MemoryHolder
    private let crash: CrashPoint
    private let plant: WorldPlant?
    /// Where a planted fault keeps a cursor without the ops: as if they were there.
    private var ahead: MemoryHolder?
    /// Where a planted fault loses the last write with the process.
    private var beforeWrite: MemoryHolder?

    package init(_ base: MemoryHolder, crash: CrashPoint, plant: WorldPlant?) {
        self.base = base
        self.crash = crash
        self.plant = plant
    }

    /// What the device's clock shows, milliseconds since 1970.
    package func setClock(_ wall: UInt64) {
        base.now = wall
    }

    /// The process starts again with what is on disk.
    package func restart() {
        crash.restart()
        if let beforeWrite { base = beforeWrite }
        beforeWrite = nil
    }

    /// What would still go up; nil when nothing would.
    package var unsent: String? {
        var copy = base
        do {
            let ranges = try copy.pending()
            return ranges.isEmpty ? nil : "\(ranges.count) ranges to send, \(ranges[0])"
        } catch {
            return "what it cannot seal: \(error)"
        }
    }

    /// Writes something; when this returns, it is on disk.
    package func write<Value>(_ body: (inout MemoryHolder) -> Value) throws -> Value {
        try crash.pass()
        if plant == .returnsBeforeCommit { beforeWrite = base }
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
            if plant == .keepsCursorAlone { ahead = copy }
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
