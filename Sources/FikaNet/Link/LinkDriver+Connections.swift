import FikaSync
import NIOCore

extension LinkDriver {
    func connect() {
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

    func connected(_ attempt: UInt64, _ connection: OutgoingConnection) {
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

    func enter(_ phase: SessionPhase) {
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
    func ended(by failure: Failure) {
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

    func lost(_ reason: String, retryAfter: UInt64 = 0) {
        leave()
        var generator = environment.generator
        wait(
            reconnector.lost(
                at: environment.now(), retryAfter: retryAfter, using: &generator),
            because: reason)
    }

    /// Ends the present connection, after what was to be sent; what still comes is dropped.
    func leave() {
        sendUnsent()
        connection?.end()
        connection = nil
        session = nil
        ticks?.cancel()
        ticks = nil
        attempt += 1
    }

    func wait(_ milliseconds: UInt64, because reason: String) {
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

    func localChanges() {
        mayBeSettled = true
        if session != nil {
            run { try $0.localChanges(holder: &$1) }
        } else {
            pull(.localOp)
        }
    }

    func pull(_ trigger: Reconnector.Trigger) {
        guard !isClosed else { return }
        // A connection over a network that is gone would be found dead much later.
        if trigger == .networkChanged, session != nil { lost("the network changed") }
        if reconnector.trigger(trigger, at: environment.now()) != nil {
            attempt += 1
            connect()
        }
    }
}
