package import FikaSync
package import NIOCore
import NIOPosix

/// Takes connections of other devices and keeps one holder in step with all of them.
///
/// It runs on a queue of its own, as ``LinkDriver`` does.
package actor PeerListener<Holder: SyncHolder & SendableMetatype> {
    private nonisolated let queue: SerialQueue
    private let makeSession: @Sendable (_ nonce: [UInt8]) -> PeerSession
    private let report: @Sendable (LinkReport) -> Void
    private let environment: LinkEnvironment
    private let allowsRemote: Bool

    private var holder: Holder
    private var sessions: [ConnectionID: PeerSession] = [:]
    private var actions: [ListenerAction] = []
    private var listener: Listener?

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        queue.asUnownedSerialExecutor()
    }

    /// Readies a listener; ``start(_:group:)`` opens it.
    ///
    /// - Parameters:
    ///   - holder: What is kept in step.
    ///   - allowsRemote: Whether devices may connect from beyond this machine (rule H3).
    ///   - environment: Time and randomness.
    ///   - makeSession: Makes the session of a new connection from 16 random bytes.
    ///   - report: Told what sessions tell, on the listener's queue: it must not block.
    package init(
        holder: sending Holder, allowsRemote: Bool = false, environment: LinkEnvironment = .system,
        makeSession: @escaping @Sendable (_ nonce: [UInt8]) -> PeerSession,
        report: @escaping @Sendable (LinkReport) -> Void = { _ in }
    ) {
        self.holder = holder
        self.allowsRemote = allowsRemote
        self.environment = environment
        self.makeSession = makeSession
        self.report = report
        queue = SerialQueue("fika.peers")
    }

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - address: Where; port 0 lets the system choose one.
    ///   - group: The event loops; those of the process when nil.
    /// - Returns: The port.
    /// - Throws: `ListenError`.
    package func start(
        _ address: LinkAddress, group: (any EventLoopGroup)? = nil
    ) async throws(ListenError) -> Int {
        let settings = ListenerSettings(
            host: address.host, port: address.port, allowsRemote: allowsRemote,
            connectionsMaximum: 64)
        let listener = try await Listener.start(
            settings, group: group ?? MultiThreadedEventLoopGroup.singleton, queue: queue
        ) { [weak self] events in
            self?.assumeIsolated { $0.take(events) } ?? []
        }
        self.listener = listener
        return listener.port
    }

    /// How many devices are connected.
    package nonisolated let connectionCount = LatestValue(0)

    /// The holder has something new that others may want.
    package func notifyLocalChanges() {
        for id in sessions.keys.sorted() { run(id) { try $0.localChanges(holder: &$1) } }
        listener?.perform(takeActions())
    }

    /// Says goodbye to all and closes.
    package func close() async {
        for id in sessions.keys.sorted() {
            run(id) { session, _ in session.goodbye(retryAfter: 0) }
            end(id)
        }
        listener?.perform(takeActions())
        await listener?.close()
        listener = nil
        connectionCount.finish()
    }

    private func takeActions() -> [ListenerAction] {
        defer { actions = [] }
        return actions
    }

    private func take(_ events: [ListenerEvent]) -> [ListenerAction] {
        for event in events { take(event) }
        return takeActions()
    }

    private func take(_ event: ListenerEvent) {
        let now = environment.now()
        switch event {
        case .opened(let id, let isLoopback):
            sessions[id] = makeSession(environment.nonce())
            connectionCount.set(sessions.count)
            if isLoopback || allowsRemote {
                run(id) { session, _ in session.connected(now: now) }
            } else {
                let failure = Failure(.notAdmitted, "this device serves its own machine only")
                run(id) { session, _ in session.broken(failure) }
            }
        case .received(let id, let group):
            run(id) { try $0.received(group.frames, holder: &$1) }
        case .broken(let id, let failure):
            run(id) { session, _ in session.broken(failure) }
        case .closed(let id):
            sessions[id] = nil
            connectionCount.set(sessions.count)
        case .tick:
            for id in sessions.keys.sorted() { run(id) { try $0.tick(now: now, holder: &$1) } }
        }
    }

    private func run(
        _ id: ConnectionID, _ event: (inout PeerSession, inout Holder) throws -> [SessionAction]
    ) {
        guard var session = sessions.removeValue(forKey: id) else { return }
        do {
            let asked = try event(&session, &holder)
            sessions[id] = session
            carryOut(asked, for: id)
        } catch {
            let failure = Failure(.failed, "the other end could not store or read")
            actions.append(.send(Frame.failure(failure).encode(), to: [id]))
            end(id)
            report(.failed(error))
        }
    }

    private func carryOut(_ asked: [SessionAction], for id: ConnectionID) {
        for action in asked {
            switch action {
            case .send(let frame):
                actions.append(.send(frame.encode(), to: [id]))
                if case .ready = frame { actions.append(.admit(id)) }
            case .fail(let failure):
                actions.append(.send(Frame.failure(failure).encode(), to: [id]))
                end(id)
            case .phase, .unknown: break
            case .stored(let logs):
                report(.stored(logs))
                // What one device brought, the others may lack.
                for other in sessions.keys.sorted() where other != id {
                    run(other) { try $0.localChanges(holder: &$1) }
                }
            case .ephemeral(let ephemeral): report(.ephemeral(ephemeral))
            case .pageArrived(let page): report(.pageArrived(page))
            case .closed: end(id)
            }
        }
    }

    private func end(_ id: ConnectionID) {
        sessions[id] = nil
        connectionCount.set(sessions.count)
        actions.append(.close(id))
    }
}
