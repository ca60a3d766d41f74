import FikaCRDT
import FikaLog
import FikaSync

/// A device that keeps nothing: it says that it has nothing, and forgets what it is told.
struct NothingHeld: SyncHolder {
    func greeting(
        relay: PublicKey, epoch: Epoch
    ) -> (summary: SyncSummary?, completeUntil: UInt64) {
        (nil, 0)
    }

    func meet(relay: PublicKey, epoch: Epoch, time: UInt64) {}
    func cursors() -> [LogCursor] { [] }
    func position(of log: LogID) -> UInt64 { 0 }
    func chain(of replica: ReplicaID, in log: LogID, at seq: UInt64) -> Digest? { nil }
    func store(_ arrivals: [Arrival]) {}
    func pending() -> [PendingRange] { [] }

    func haves(of log: LogID) -> Haves {
        Haves(log: log, head: nil, replicas: [])
    }

    func placements(in log: LogID, positions: ClosedRange<UInt64>) -> [Placement] { [] }

    func segments(of log: LogID, ranges: [ReplicaRange], withCards: Bool) -> [SealedSegment] {
        []
    }

    func logs(readableBy user: UserID) -> [LogID] { [] }
}
