import FikaCRDT
import FikaLog
import FikaNet
import FikaRelay

import FikaSync

/// The one relay of a world: its core while it runs, and its disk always.
struct WorldRelay {
    var key: DeviceKey
    var clock: WorldClock
    let crash: CrashPoint
    let log: WorldRelayLog
    let settings: RelaySettings
    /// Nil while it is down.
    var core: RelayCore<WorldRelayLog>?
    /// What came and waits for the next turn.
    var gathered: [(ConnectionID, [DecodedFrame])] = []
    var isTurnDue = false
    /// What a copy of its log holds.
    var copiedWrites: Set<OpID> = []

    /// Starts it with what is on its disk.
    mutating func start(now: UInt64, entropy: SplitMix64) throws {
        crash.restart()
        // The first start makes the key that lies on the disk.
        if let stored = try log.restart() { key = stored }
        core = try RelayCore(
            key: key, log: log, settings: settings, now: clock.wall(at: now), entropy: entropy)
    }

    mutating func stop() {
        core = nil
        gathered = []
        log.stop()
    }
}
