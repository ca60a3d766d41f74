package import FikaSync
package import NIOCore
import NIOPosix

/// Keeps a holder in step with a relay, or another device, over connections that come and go.
///
/// It runs on a queue of its own, so that the holder's commits block nobody. What it is told from
/// outside never waits: ``notifyLocalChanges()`` and its like come back at once.
package actor LinkDriver<
    Session: SyncSession & Sendable, Holder: SyncHolder & SendableMetatype
> {
    /// How the link stands; slow readers see the newest state alone.
    package nonisolated let state = LatestValue<LinkState>(.connecting)
    package nonisolated let address: LinkAddress

    private nonisolated let queue = SerialQueue("fika.link")
    private nonisolated let inbox: Inbox<LinkEvent<Session>>
    private nonisolated let group: any EventLoopGroup
    private nonisolated let environment: LinkEnvironment
    private let makeSession: @Sendable (_ nonce: [UInt8]) -> Session
    private let report: @Sendable (LinkReport) -> Void

    private var holder: Holder
    private var reconnector = Reconnector()
    /// The present attempt; events of earlier ones are dropped.
    private var attempt: UInt64 = 0
    private var isConnecting = false
    private var session: Session?
    private var connection: OutgoingConnection?
    private var ticks: RepeatedTask?
    private var unsent: [UInt8] = []
    private var isClosed = false
    private var settling: [CheckedContinuation<LinkState, Never>] = []
    private var mayBeSettled = false

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        queue.asUnownedSerialExecutor()
    }

    /// Readies a link; ``start()`` connects it.
    ///
    /// - Parameters:
    ///   - address: Where the other end listens.
    ///   - holder: What is kept in step.
    ///   - group: The event loops; those of the process when nil.
    ///   - environment: Time and randomness.
    ///   - makeSession: Makes the session of a new connection from 16 random bytes.
    ///   - report: Told what sessions tell, on the link's queue: it must not block.
    package init(
        to address: LinkAddress, holder: sending Holder, group: (any EventLoopGroup)? = nil,
        environment: LinkEnvironment = .system,
        makeSession: @escaping @Sendable (_ nonce: [UInt8]) -> Session,
        report: @escaping @Sendable (LinkReport) -> Void = { _ in }
    ) {
        self.address = address
        self.holder = holder
        self.group = group ?? MultiThreadedEventLoopGroup.singleton
        self.environment = environment
        self.makeSession = makeSession
        self.report = report
        inbox = Inbox(queue)
    }

    // MARK: What it is told

    /// Begins to connect.
    package nonisolated func start() {
        inbox.open { events in self.assumeIsolated { $0.take(events) } }
        inbox.add(.retry(attempt: 0))
    }

    /// The holder has something new to send.
    package nonisolated func notifyLocalChanges() {
        inbox.add(.localChanges)
    }

    /// Tries now, instead of waiting.
    package nonisolated func wake(_ trigger: Reconnector.Trigger = .wish) {
        inbox.add(.trigger(trigger))
    }

    /// Lets the present session do something; nothing happens without one.
    package nonisolated func perform(
        _ body: @escaping @Sendable (inout Session) -> [SessionAction]
    ) {
        inbox.add(.session(body))
    }

    /// Asks the present session; nil without one.
    package func ask<Answer: Sendable>(_ body: @Sendable (Session) -> Answer) -> Answer? {
        session.map(body)
    }

    /// Says something that is never stored; dropped while there is no session.
    package nonisolated func say(_ ephemeral: Ephemeral) {
        perform { $0.ephemeral(ephemeral) }
    }

    /// Waits until nothing is missing here and nothing is left to send, or until an attempt failed.
    package func settled() async -> LinkState {
        if isClosed { return .closed }
        mayBeSettled = true
        return await withCheckedContinuation { continuation in
            settling.append(continuation)
            // Looked at in a turn of its own, when all that came before was dealt with.
            inbox.add(.session { _ in [] })
        }
    }

    /// Ends the link: says goodbye and returns when the connection is gone.
    package func close() async {
        guard !isClosed else { return }
        isClosed = true
        let connection = connection
        if var session {
            carryOut(session.goodbye(retryAfter: 0))
            sendUnsent()
        }
        leave()
        settle(.closed)
        state.set(.closed)
        state.finish()
        if !isConnecting { inbox.close() }
        await connection?.waitUntilClosed()
    }

    // MARK: Turns

    private func take(_ events: [LinkEvent<Session>]) {
        var index = 0
        while index < events.count {
            var event = events[index]
            index += 1
            // Groups that came while the last turn ran are stored together.
            while case .received(let attempt, var group) = event, index < events.count,
                case .received(attempt, let next) = events[index]
            {
                group.frames += next.frames
                group.byteCount += next.byteCount
                event = .received(attempt: attempt, group)
                index += 1
            }
            take(event)
        }
        sendUnsent()
        lookWhetherSettled()
    }

    private func take(_ event: LinkEvent<Session>) {
        switch event {
        case .connected(let attempt, let connection): connected(attempt, connection)
        case .notConnected(let attempt, let reason):
            isConnecting = false
            if isClosed { inbox.close() }
            if attempt == self.attempt { lost(reason) }
        case .received(let attempt, let group):
            guard attempt == self.attempt else { return }
            run { try $0.received(group.frames, holder: &$1) }
            connection?.taken(group.byteCount)
        case .broken(let attempt, let failure):
            if attempt == self.attempt { run { session, _ in session.broken(failure) } }
        case .lost(let attempt):
            if attempt == self.attempt { lost("the connection was lost") }
        case .tick(let attempt):
            guard attempt == self.attempt else { return }
            let now = environment.now()
            run { try $0.tick(now: now, holder: &$1) }
        case .retry(let attempt):
            if attempt == self.attempt, session == nil { connect() }
        case .localChanges: localChanges()
        case .trigger(let trigger): pull(trigger)
        case .session(let body): run { session, _ in body(&session) }
        }
    }

    /// Lets the session take an event, and carries out what it asks for.
    private func run(_ event: (inout Session, inout Holder) throws -> [SessionAction]) {
        guard var session else { return }
        // The session lies in one place alone, or each change would copy it.
        self.session = nil
        do {
            let actions = try event(&session, &holder)
            self.session = session
            carryOut(actions)
        } catch {
            let failure = Failure(.failed, "this end could not store or read")
            unsent += Frame.failure(failure).encode()
            lost("\(error)")
        }
    }

    private func carryOut(_ actions: [SessionAction]) {
        for action in actions {
            switch action {
            case .send(let frame): unsent += frame.encode()
            case .fail(let failure):
                unsent += Frame.failure(failure).encode()
                ended(by: failure)
            case .phase(let phase): enter(phase)
            case .stored(let logs):
                mayBeSettled = true
                report(.stored(logs))
            case .ephemeral(let ephemeral): report(.ephemeral(ephemeral))
            case .pageArrived(let page): report(.pageArrived(page))
            case .closed(.goodbye(let retryAfter)):
                lost("the other end said goodbye", retryAfter: retryAfter)
            case .closed(.failure(let failure)): ended(by: failure)
            case .closed(.silent): lost("nothing was heard for too long")
            }
        }
    }

    private func sendUnsent() {
        guard !unsent.isEmpty else { return }
        connection?.send(unsent)
        unsent = []
    }

    // MARK: Connections

    private func connect() {
        guard !isClosed, !isConnecting else { return }
        attempt += 1
        isConnecting = true
        reconnector.started()
        state.set(.connecting)
        let (attempt, inbox, address) = (attempt, inbox, address)
        let eventLoop = group.next()
        // On the loop from the start: else what comes first could be told before the connection.
        eventLoop.execute {
            OutgoingConnection.connect(to: address, group: eventLoop) {
                LinkReceiver<Session>(attempt: attempt, inbox: inbox)
            }.whenComplete { result in
                switch result {
                case .success(let connection):
                    inbox.add(.connected(attempt: attempt, connection))
                case .failure(let error): inbox.add(.notConnected(attempt: attempt, "\(error)"))
                }
            }
        }
    }

    private func connected(_ attempt: UInt64, _ connection: OutgoingConnection) {
        isConnecting = false
        guard !isClosed, attempt == self.attempt else {
            connection.drop()
            if isClosed { inbox.close() }
            return
        }
        self.connection = connection
        session = makeSession(environment.nonce())
        let inbox = inbox
        ticks = connection.eventLoop.scheduleRepeatedTask(
            initialDelay: .seconds(1), delay: .seconds(1)
        ) { _ in inbox.add(.tick(attempt: attempt)) }
        let now = environment.now()
        run { session, _ in session.connected(now: now) }
    }

    private func enter(_ phase: SessionPhase) {
        switch phase {
        case .handshaking: state.set(.connecting)
        case .syncing(let held, let total):
            reconnector.connected(at: environment.now())
            state.set(.syncing(held: held, total: total))
        case .upToDate:
            reconnector.connected(at: environment.now())
            mayBeSettled = true
            state.set(.upToDate)
        }
    }

    /// A connection ended for a reason that one of the ends gave.
    private func ended(by failure: Failure) {
        switch Failure.Code(rawValue: failure.code) {
        case .notAuthentic, .notAdmitted, .unsupportedVersion:
            leave()
            reconnector.refused()
            state.set(.refused(failure))
            settle(.refused(failure))
        case .malformed, .unexpected, .tooLarge, .badOps, .newEpoch, .tooSlow, .failed, nil:
            lost(failure.reason)
        }
    }

    private func lost(_ reason: String, retryAfter: UInt64 = 0) {
        leave()
        var generator = environment.generator
        wait(
            reconnector.lost(
                at: environment.now(), retryAfter: retryAfter, using: &generator),
            because: reason)
    }

    /// Ends the present connection, after what was to be sent; what still comes is dropped.
    private func leave() {
        sendUnsent()
        connection?.end()
        connection = nil
        session = nil
        ticks?.cancel()
        ticks = nil
        attempt += 1
    }

    private func wait(_ milliseconds: UInt64, because reason: String) {
        guard !isClosed else { return }
        attempt += 1
        let offline = LinkState.offline(retryIn: milliseconds, reason: reason)
        state.set(offline)
        settle(offline)
        let (attempt, inbox) = (attempt, inbox)
        group.next().scheduleTask(in: .milliseconds(Int64(clamping: milliseconds))) {
            inbox.add(.retry(attempt: attempt))
        }
    }

    private func localChanges() {
        mayBeSettled = true
        if session != nil {
            run { try $0.localChanges(holder: &$1) }
        } else {
            pull(.localOp)
        }
    }

    private func pull(_ trigger: Reconnector.Trigger) {
        guard !isClosed else { return }
        // A connection over a network that is gone would be found dead much later.
        if trigger == .networkChanged, session != nil { lost("the network changed") }
        if reconnector.trigger(trigger, at: environment.now()) != nil {
            attempt += 1
            connect()
        }
    }

    // MARK: Settling

    private func lookWhetherSettled() {
        guard mayBeSettled, !settling.isEmpty, session != nil, state.value == .upToDate else {
            return
        }
        mayBeSettled = false
        do {
            // A device accepts nothing: what was sent to it stays pending.
            if try Session.self is PeerSession.Type || holder.pending().isEmpty {
                settle(.upToDate)
            }
        } catch {
            lost("\(error)")
        }
    }

    private func settle(_ state: LinkState) {
        let waiting = settling
        settling = []
        for continuation in waiting { continuation.resume(returning: state) }
    }
}
