import FikaCRDT
import FikaLog

/// One replica of a simulated log: whose it is, and what it has seen of the others.
struct HistoryWriter {
    /// Nil for a relay.
    let user: UserID?
    let key: DeviceKey
    let replica: ReplicaID
    let deviceName: String
    /// How far the device's clock is off.
    let clockOffset: Int64
    var clock = HybridClock()
    var seq: UInt64 = 0
    /// The highest seq seen of each replica; what is seen has no gaps.
    var seen: [ReplicaID: UInt64] = [:]
    /// False once the replica was closed and the device went on as another, and for import runs.
    var isActive = true
    /// Whose replica's refused ops this one may take over.
    var takesOver: ReplicaID?
}
