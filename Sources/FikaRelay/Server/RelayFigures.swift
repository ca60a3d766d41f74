import FikaSync
import Synchronization

/// What a relay did since it started, for whoever watches it.
final class RelayFigures: Sendable {
    /// All figures at one moment.
    struct Snapshot: Hashable, Sendable {
        var connections = 0
        var connectionsOpened = 0
        var sessionsAdmitted = 0
        var opsAccepted = 0
        /// By the close's reason, as numbered in `Specs/access.md`.
        var opsRefused: [UInt8: Int] = [:]
        /// By the failure's code.
        var failures: [UInt64: Int] = [:]
        var deliveries = 0
        /// How often a connection had no credit for live bytes of a log.
        var fallsBehind = 0
        var bytesReceived = 0
        var bytesSent = 0
        var commits = 0
        var turns = 0
        var turnsFailed = 0
        var isDraining = false
    }

    private let figures = Mutex(Snapshot())

    var snapshot: Snapshot { figures.withLock { $0 } }

    func change(_ body: (inout Snapshot) -> Void) {
        figures.withLock { body(&$0) }
    }
}
