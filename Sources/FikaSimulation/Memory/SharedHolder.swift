package import FikaCRDT
package import FikaLog
package import FikaSync
import Synchronization

/// A ``MemoryHolder`` that a link keeps in step while a test writes into it and looks at it.
package final class SharedHolder: SyncHolder, Sendable {
    private let holder: Mutex<MemoryHolder>

    package init(_ holder: MemoryHolder) {
        self.holder = Mutex(holder)
    }

    /// Looks, or writes as its user does.
    package func use<Value: Sendable>(
        _ body: (inout MemoryHolder) throws -> sending Value
    ) rethrows -> sending Value {
        try holder.withLock { try body(&$0) }
    }

    /// The ids of all ops held of a log.
    package func ids(of log: LogID) -> Set<OpID> {
        holder.withLock { Set($0.ops(of: log).map(\.id)) }
    }

    package func greeting(
        relay: PublicKey, epoch: Epoch
    ) throws -> (summary: SyncSummary?, completeUntil: UInt64) {
        holder.withLock { $0.greeting(relay: relay, epoch: epoch) }
    }

    package func meet(relay: PublicKey, epoch: Epoch, time: UInt64) throws {
        holder.withLock { $0.meet(relay: relay, epoch: epoch, time: time) }
    }

    package func cursors() throws -> [LogCursor] {
        holder.withLock { $0.cursors() }
    }

    package func position(of log: LogID) throws -> UInt64 {
        holder.withLock { $0.position(of: log) }
    }

    package func chain(of replica: ReplicaID, in log: LogID, at seq: UInt64) throws -> Digest? {
        holder.withLock { $0.chain(of: replica, in: log, at: seq) }
    }

    package func store(_ arrivals: [Arrival]) throws {
        try holder.withLock { try $0.store(arrivals) }
    }

    package func pending() throws -> [PendingRange] {
        try holder.withLock { try $0.pending() }
    }

    package func haves(of log: LogID) throws -> Haves {
        holder.withLock { $0.haves(of: log) }
    }

    package func placements(
        in log: LogID, positions: ClosedRange<UInt64>
    ) throws -> [Placement] {
        holder.withLock { $0.placements(in: log, positions: positions) }
    }

    package func segments(
        of log: LogID, ranges: [ReplicaRange], withCards: Bool
    ) throws -> [SealedSegment] {
        try holder.withLock { try $0.segments(of: log, ranges: ranges, withCards: withCards) }
    }

    package func logs(readableBy user: UserID) throws -> [LogID] {
        holder.withLock { $0.logs(readableBy: user) }
    }
}
