import FikaCRDT
import FikaLog
import FikaNet

import FikaSync

/// One client of a world: its disk always, its session while it is connected.
struct WorldClient {
    let index: Int
    var device: WorldPlan.Device
    let identity: SessionIdentity
    let crash: CrashPoint
    let holder: any SimulatedStore
    var isRunning = true
    /// Whether the cable is in.
    var isOnline = true
    var session: ClientSession?
    var link: ConnectionID?
    var phase: SessionPhase?
    var reconnector = Reconnector()
    /// The attempt to connect that counts.
    var attempt: UInt64 = 0
    /// Until when nobody is reached.
    var isolatedUntil: UInt64 = 0
    /// Whether it forges: nothing is promised to it.
    var isMalicious = false
    /// Whether there is a copy of the store to put back.
    var copiedWrites: Set<OpID>?
    var wasPutBack = false

    var isUpToDate: Bool { session != nil && phase == .upToDate }

    func wall(at now: UInt64) -> UInt64 { device.clock.wall(at: now) }
    func monotonic(at now: UInt64) -> UInt64 { device.clock.monotonic(at: now) }

    /// The process is gone, what is on disk stays.
    mutating func stop() {
        isRunning = false
        disconnect()
    }

    mutating func disconnect() {
        session = nil
        link = nil
        phase = nil
    }
}
