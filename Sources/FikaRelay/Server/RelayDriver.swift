import FikaCRDT
import FikaLog
import FikaNet
import FikaStore
import FikaSync
import Logging

/// Runs a relay's core: all that queued while one turn ran is the next one, with one commit.
actor RelayDriver {
    private let log: SQLiteRelayLog
    private var core: RelayCore<SQLiteRelayLog>
    private let figures: RelayFigures
    private let logger: Logger
    private let environment: StoreEnvironment
    private let queue: SerialQueue
    private var open: Set<ConnectionID> = []
    private var actions: [ListenerAction] = []
    private var hasCommitted = false

    /// Milliseconds of a second that may go into work for which nobody waits.
    private static let tidyingMilliseconds: UInt64 = 50

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    init(
        log: sending SQLiteRelayLog, settings: RelaySettings, figures: RelayFigures,
        logger: Logger, environment: StoreEnvironment, queue: SerialQueue
    ) throws {
        core = try RelayCore(
            key: log.key, log: log, settings: settings, now: environment.now(),
            entropy: environment.generator)
        self.log = log
        self.figures = figures
        self.logger = logger
        self.environment = environment
        self.queue = queue
    }

    /// Takes a turn.
    func take(_ events: [ListenerEvent]) -> [ListenerAction] {
        let now = environment.now()
        hasCommitted = false
        do {
            try log.hold { try turn(events, now) }
        } catch {
            failed(error)
        }
        let done = actions
        actions = []
        count(events, done)
        return done
    }

    private func turn(_ events: [ListenerEvent], _ now: UInt64) throws {
        var input: [(ConnectionID, [DecodedFrame])] = []
        var places: [ConnectionID: Int] = [:]
        for event in events {
            switch event {
            case .opened(let id, let isLoopback):
                open.insert(id)
                carryOut(core.opened(id, isLoopback: isLoopback, now: now))
            case .received(let id, let group):
                if let place = places[id] {
                    input[place].1 += group.frames
                } else {
                    places[id] = input.count
                    input.append((id, group.frames))
                }
            case .broken, .closed, .tick: break
            }
        }
        if !input.isEmpty { carryOut(try core.received(input, now: now)) }
        // A connection's end comes after what it sent.
        for event in events {
            switch event {
            case .broken(let id, let failure): carryOut(core.broken(id, failure, now: now))
            case .closed(let id):
                open.remove(id)
                core.closed(id)
            case .opened, .received, .tick: break
            }
        }
        if events.contains(.tick) {
            carryOut(try core.tick(now: now))
            try tidy(since: now)
        }
    }

    private func tidy(since start: UInt64) throws {
        while environment.now() < start + Self.tidyingMilliseconds, try log.tidy() {}
    }

    /// The core has let go of all connections; whoever comes back finds what is on disk.
    private func failed(_ error: any Error) {
        logger.error("a turn failed", metadata: ["error": "\(error)"])
        figures.change { $0.turnsFailed += 1 }
        actions += open.sorted().map { .close($0) }
    }

    private func carryOut(_ asked: [RelayAction]) {
        for action in asked {
            switch action {
            case .send(let bytes, let id): actions.append(.send(bytes, to: [id]))
            case .broadcast(let bytes, let ids): actions.append(.send(bytes, to: ids))
            case .close(let id): actions.append(.close(id))
            case .note(let note): take(note)
            }
        }
    }

    private func take(_ note: RelayNote) {
        switch note {
        case .admitted(let id, let user):
            actions.append(.admit(id))
            figures.change { $0.sessionsAdmitted += 1 }
            logger.debug("admitted", metadata: ["connection": "\(id.raw)", "user": "\(user)"])
        case .accepted(_, let count):
            hasCommitted = true
            figures.change { $0.opsAccepted += count }
        case .refused(let refusal):
            figures.change { $0.opsRefused[refusal.reason, default: 0] += 1 }
            logger.info(
                "refused",
                metadata: [
                    "log": "\(refusal.log)", "replica": "\(refusal.replica)",
                    "seq": "\(refusal.seq)", "reason": "\(refusal.reason)",
                ])
        case .forwarded(_, let connections): figures.change { $0.deliveries += connections }
        case .fellBehind: figures.change { $0.fallsBehind += 1 }
        case .failed(let id, let failure):
            figures.change { $0.failures[failure.code, default: 0] += 1 }
            logger.info(
                "failed",
                metadata: [
                    "connection": "\(id.raw)", "code": "\(failure.code)",
                    "reason": "\(failure.reason)",
                ])
        case .silent(let id):
            logger.debug("silent", metadata: ["connection": "\(id.raw)"])
        case .newEpoch(let epoch):
            logger.warning("a new epoch begins", metadata: ["epoch": "\(epoch.raw)"])
        }
    }

    private func count(_ events: [ListenerEvent], _ actions: [ListenerAction]) {
        var (opened, received, sent) = (0, 0, 0)
        for event in events {
            switch event {
            case .opened: opened += 1
            case .received(_, let group): received += group.byteCount
            case .broken, .closed, .tick: break
            }
        }
        for case .send(let bytes, let recipients) in actions {
            sent += bytes.count * recipients.count
        }
        figures.change { figures in
            figures.connections = open.count
            figures.connectionsOpened += opened
            figures.bytesReceived += received
            figures.bytesSent += sent
            figures.turns += 1
            if hasCommitted { figures.commits += 1 }
        }
    }

    /// Says goodbye to everybody.
    func drain(retryAfter: UInt64) -> [ListenerAction] {
        do {
            try log.hold { carryOut(try core.drain(retryAfter: retryAfter)) }
        } catch {
            failed(error)
        }
        defer { actions = [] }
        return actions
    }

    /// Closes the log; nothing is called after that.
    func close() throws {
        try log.close()
    }

    var epoch: Epoch { core.epoch }
}
