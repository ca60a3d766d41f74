import FikaLog

import FikaSync

// Devices that meet without the relay.
extension World {
    /// Two of them are together for a while.
    func meet() {
        let running = clients.indices.filter { clients[$0].isRunning }
        guard running.count > 1 else { return }
        let caller = random.pick(running)
        let listener = random.pick(running.filter { $0 != caller })
        lastMeeting += 1
        let id = lastMeeting
        note("client \(caller) meets \(listener) as \(id)")
        let calling = PeerSession.calling(
            as: clients[caller].identity, nonce: random.bytes(count: 16...16),
            credit: plan.clientCredit)
        let listening = PeerSession.listening(
            as: clients[listener].identity, nonce: random.bytes(count: 16...16),
            credit: plan.relayCredit, time: clients[listener].wall(at: now))
        meetings[id] = WorldMeeting(
            ends: [
                WorldMeeting.End(client: caller, session: calling, decoder: FrameDecoder()),
                WorldMeeting.End(client: listener, session: listening, decoder: FrameDecoder()),
            ], delay: drawDelay())
        queue.add(.partMeeting(id), at: now + random.number(in: 50...15_000))
        for end in [0, 1] {
            let time = clients[end == 0 ? caller : listener].monotonic(at: now)
            drive(id, end) { session, _ in session.connected(now: time) }
        }
    }

    func arrive(atMeeting id: UInt64, end: Int) {
        guard var meeting = meetings[id] else { return }
        meeting.ends[end].decoder.append(meeting.ends[end].incoming.arrive(now: now))
        var frames: [DecodedFrame] = []
        do {
            while let next = try meeting.ends[end].decoder.next() {
                frames.append(next)
                if WireWatch.opens(next.frame) { meeting.ends[end].decoder.limit = FrameLimit.full }
            }
        } catch {
            guard !isForged(id) else { return part(id) }
            ledger.find("meeting \(id): bytes that are no frame, \(error)")
        }
        meetings[id] = meeting
        guard !frames.isEmpty else { return }
        drive(id, end) { session, holder in try session.received(frames, holder: &holder) }
    }

    /// Whether somebody there forges.
    private func isForged(_ id: UInt64) -> Bool {
        meetings[id]?.ends.contains { clients[$0.client].isMalicious } == true
    }

    /// They go apart, whatever is under way.
    func part(_ id: UInt64) {
        guard meetings.removeValue(forKey: id) != nil else { return }
        note("meeting \(id) is over")
    }

    func partAll(of client: Int) {
        let own = meetings.filter { $0.value.ends.contains { $0.client == client } }.keys
        for id in own.sorted() { part(id) }
    }

    /// Something is new at a client, for those whom it meets.
    func tellMeetings(of client: Int, but other: UInt64? = nil) {
        for id in meetings.keys.sorted() where id != other {
            for end in [0, 1] where meetings[id]?.ends[end].client == client {
                drive(id, end) { session, holder in
                    try session.localChanges(holder: &holder)
                }
            }
        }
    }

    private func drive(
        _ id: UInt64, _ end: Int,
        _ body: (inout PeerSession, inout any SimulatedStore) throws -> [SessionAction]
    ) {
        guard var session = meetings[id]?.ends[end].session,
            let index = meetings[id]?.ends[end].client, clients[index].isRunning
        else { return }
        var holder = clients[index].holder
        holder.setClock(clients[index].wall(at: now))
        do {
            let actions = try body(&session, &holder)
            meetings[id]?.ends[end].session = session
            for action in actions {
                try clients[index].crash.pass()
                perform(action, id, end, index)
            }
        } catch is WorldCrash {
            stopClient(index)
        } catch  where clients[index].holder.disk?.isToBlame() == true {
            note("client \(index) could not store or read")
            part(id)
        } catch {
            ledger.find("client \(index) failed while it met another: \(error)")
            stopClient(index)
        }
    }

    private func perform(_ action: SessionAction, _ id: UInt64, _ end: Int, _ index: Int) {
        switch action {
        case .send(let frame): send(frame, id, from: end)
        case .fail(let failure):
            note("client \(index) ends meeting \(id): \(failure.code) \(failure.reason)")
            if !WireWatch.isFair(failure), !isForged(id) {
                ledger.find("meeting \(id): failure \(failure.code), \(failure.reason)")
            }
            part(id)
        case .closed: part(id)
        case .stored(let logs):
            note("client \(index) stored \(logs) of meeting \(id)")
            counts.add(.course, "ops met")
            changed(index, butMeeting: id)
        case .phase, .unknown, .ephemeral, .pageArrived: break
        }
    }

    private func send(_ frame: Frame, _ id: UInt64, from end: Int) {
        guard meetings[id] != nil else { return }
        if WireWatch.moves(frame) { movedAt = now }
        let bytes = frame.encode()
        note("meeting \(id) \(end) sends \(frame.type), \(bytes.count) bytes")
        carry(bytes, atMeeting: id, from: end)
    }

    /// Takes bytes from one end to the other.
    func carry(_ bytes: [UInt8], atMeeting id: UInt64, from end: Int) {
        guard let delay = meetings[id]?.delay else { return }
        let due = now + random.number(in: delay)
        guard let due = meetings[id]?.ends[1 - end].incoming.send(bytes[...], due: due) else {
            return
        }
        queue.add(.arriveAtMeeting(id, end: 1 - end), at: due)
    }
}
