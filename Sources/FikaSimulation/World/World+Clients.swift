import FikaLog
import FikaNet

import FikaSync

// The clients' drivers.
extension World {
    func addClient(_ index: Int) throws {
        let device = plan.devices[index]
        let crash = CrashPoint()
        let holder = try makeStore(index, crash: crash)
        let identity = SessionIdentity(
            key: holder.key, workspace: Self.workspace, user: device.user)
        clients.append(
            WorldClient(
                index: index, device: device, identity: identity, crash: crash, holder: holder,
                isMalicious: index == plan.attacker))
        queue.add(.dial(client: index, attempt: 0), at: random.number(in: 0...200))
        queue.add(.tickClient(index), at: 1000 + UInt64(index))
    }

    // MARK: Connecting

    func dial(_ index: Int, attempt: UInt64) {
        let client = clients[index]
        guard client.isRunning, client.link == nil, client.attempt == attempt else { return }
        guard client.isOnline else { return }
        clients[index].reconnector.started()
        guard relay.core != nil, now >= client.isolatedUntil else {
            note("client \(index) reaches nobody")
            return retry(index)
        }
        lastLink += 1
        let id = ConnectionID(raw: lastLink)
        links[id] = WorldLink(id: id, client: index, delay: drawDelay())
        clients[index].link = id
        clients[index].session = ClientSession(
            identity: client.identity, nonce: random.bytes(count: 16...16),
            credit: plan.clientCredit, pinned: relay.key.publicKey)
        note("client \(index) connects as \(id.raw)")
        counts.add(.course, "connections")
        queue.add(.opened(id), at: now + drawDelay().lowerBound)
        drive(index) { session, _ in session.connected(now: client.monotonic(at: self.now)) }
    }

    func retry(_ index: Int, after least: UInt64 = 0) {
        clients[index].attempt += 1
        let wait = clients[index].reconnector.lost(
            at: clients[index].monotonic(at: now), retryAfter: least, using: &random)
        queue.add(
            .dial(client: index, attempt: clients[index].attempt), at: now + wait)
    }

    /// Something happened that is worth an attempt at once.
    func trigger(_ trigger: Reconnector.Trigger, _ index: Int) {
        guard clients[index].isRunning, clients[index].link == nil else { return }
        let time = clients[index].monotonic(at: now)
        guard let wait = clients[index].reconnector.trigger(trigger, at: time) else { return }
        clients[index].attempt += 1
        queue.add(.dial(client: index, attempt: clients[index].attempt), at: now + wait)
    }

    func goOnline(_ index: Int) {
        guard !clients[index].isOnline else { return }
        note("client \(index) online")
        clients[index].isOnline = true
        guard clients[index].isRunning, clients[index].link == nil else { return }
        clients[index].attempt += 1
        queue.add(.dial(client: index, attempt: clients[index].attempt), at: now)
    }

    func goOffline(_ index: Int) {
        note("client \(index) offline")
        clients[index].isOnline = false
        if let id = clients[index].link { cut(id, noticedBy: .client, delay: 0) }
    }

    // MARK: Events

    func receiveAtClient(_ id: ConnectionID, _ frames: [DecodedFrame], _ failure: Failure?) {
        guard let index = links[id]?.client, clients[index].link == id else { return }
        drive(index) { session, holder in
            try session.received(frames, holder: &holder)
        }
        guard let failure else { return }
        drive(index) { session, _ in session.broken(failure) }
    }

    func lostAtClient(_ id: ConnectionID) {
        guard let index = links[id]?.client, clients[index].link == id else { return }
        clients[index].disconnect()
        if clients[index].isRunning { retry(index) }
    }

    func tickClient(_ index: Int) {
        queue.add(.tickClient(index), at: now + 1000)
        let time = clients[index].monotonic(at: now)
        drive(index) { session, holder in try session.tick(now: time, holder: &holder) }
    }

    /// Something is new that did not come from the relay.
    func changed(_ index: Int, butMeeting meeting: UInt64? = nil) {
        tellMeetings(of: index, but: meeting)
        drive(index) { session, holder in try session.localChanges(holder: &holder) }
        trigger(.localOp, index)
    }

    /// Lets a session do something and carries its actions out, up to where the process stops.
    private func drive(
        _ index: Int,
        _ body: (inout ClientSession, inout any SimulatedStore) throws -> [SessionAction]
    ) {
        guard clients[index].isRunning, var session = clients[index].session,
            let id = clients[index].link
        else { return }
        clients[index].session = nil
        var holder = clients[index].holder
        holder.setClock(clients[index].wall(at: now))
        do {
            defer { clients[index].session = session }
            let actions = try body(&session, &holder)
            for action in actions {
                try clients[index].crash.pass()
                perform(action, index, id)
            }
        } catch is WorldCrash {
            return stopClient(index)
        } catch {
            return failClient(index, id, error)
        }
        if links[id]?.clientSide.isOpen != true, clients[index].link == id {
            clients[index].disconnect()
        }
    }

    private func perform(_ action: SessionAction, _ index: Int, _ id: ConnectionID) {
        switch action {
        case .send(let frame): send(frame.encode(), on: id, from: .client)
        case .fail(let failure):
            send(Frame.failure(failure).encode(), on: id, from: .client)
            end(id, index, after: 0)
        case .phase(let phase):
            note("client \(index) is \(phase)")
            clients[index].phase = phase
            if phase != .handshaking {
                clients[index].reconnector.connected(at: clients[index].monotonic(at: now))
            }
        case .stored(let logs):
            note("client \(index) stored \(logs)")
            tellMeetings(of: index)
        case .unknown, .ephemeral, .pageArrived: break
        case .closed(.goodbye(let wait)): end(id, index, after: wait)
        case .closed(.failure(let failure)):
            note("client \(index) is told failure \(failure.code) \(failure.reason)")
            end(id, index, after: 0)
        case .closed(.silent): end(id, index, after: 0)
        }
    }

    private func end(_ id: ConnectionID, _ index: Int, after wait: UInt64) {
        close(id, at: .client)
        retry(index, after: wait)
    }

    // MARK: Crashes

    /// The process is gone: its sockets are closed, what it sent may still arrive.
    func stopClient(_ index: Int) {
        guard clients[index].isRunning else { return }
        note("client \(index) down")
        counts.add(.course, "client crashes")
        let link = clients[index].link
        clients[index].stop()
        partAll(of: index)
        clients[index].holder.stop()
        if let link {
            cut(link, noticedBy: .client, delay: 0)
            links[link]?.clientSide.isOpen = false
        }
        queue.add(.restartClient(index), at: now + random.number(in: 0...5000))
    }

    func restartClient(_ index: Int) {
        guard !clients[index].isRunning else { return }
        do {
            let holder = clients[index].holder
            try holder.restart()
            for log in try holder.allLogs() {
                ledger.withdraw(Set(try holder.emptied(in: log)))
            }
        } catch {
            clients[index].holder.stop()
            if !(error is WorldCrash), clients[index].holder.disk?.isToBlame() != true {
                return ledger.find("client \(index) does not start: \(error)")
            }
            note("client \(index) does not come up")
            return queue.add(.restartClient(index), at: now + random.number(in: 0...5000))
        }
        note("client \(index) up")
        clients[index].isRunning = true
        clients[index].reconnector = Reconnector()
        clients[index].attempt += 1
        queue.add(.dial(client: index, attempt: clients[index].attempt), at: now)
    }
}
