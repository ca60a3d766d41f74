import FikaSync

extension LinkDriver {
    func take(_ events: [LinkEvent<Session>]) {
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

    func take(_ event: LinkEvent<Session>) {
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
    func run(_ event: (inout Session, inout Holder) throws -> [SessionAction]) {
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
            failed(error)
        }
    }

    /// This end cannot go on; it is told first, and then how the link stands.
    func failed(_ error: any Error) {
        report(.failed(error))
        lost("\(error)")
    }

    func carryOut(_ actions: [SessionAction]) {
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
            case .unknown(let logs): report(.unknown(logs))
            case .ephemeral(let ephemeral): report(.ephemeral(ephemeral))
            case .pageArrived(let page): report(.pageArrived(page))
            case .closed(.goodbye(let retryAfter)):
                lost("the other end said goodbye", retryAfter: retryAfter)
            case .closed(.failure(let failure)): ended(by: failure)
            case .closed(.silent): lost("nothing was heard for too long")
            }
        }
    }

    func sendUnsent() {
        guard !unsent.isEmpty else { return }
        connection?.send(unsent)
        unsent = []
    }
}
