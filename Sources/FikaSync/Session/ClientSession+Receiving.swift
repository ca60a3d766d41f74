import FikaCRDT
import FikaLog

extension ClientSession {
    mutating func take(
        _ received: DecodedFrame, _ out: inout [SessionAction], holder: inout some SyncHolder
    ) throws {
        switch received.frame {
        case .failure(let failure):
            try end(.failure(failure), &out, holder: &holder)
        case .goodbye(let retryAfter):
            try end(.goodbye(retryAfter: retryAfter), &out, holder: &holder)
        case .welcome(let welcome):
            try take(welcome, body: received.signedBody, &out, holder: holder)
        case .ready(let ready):
            try take(ready, &out, holder: &holder)
        case .status, .names, .brief, .batch, .placed, .head, .refusal, .credit, .done, .haves,
            .synced, .ephemeral, .ping, .pong:
            guard isOpen else { throw Self.unexpected }
            try takeOpen(received, &out, holder: &holder)
        case .hello, .cursors, .page, .want, .positions:
            throw Self.unexpected
        }
    }

    private mutating func end(
        _ end: SessionEnd, _ out: inout [SessionAction], holder: inout some SyncHolder
    ) throws {
        try store(&out, holder: &holder)
        state = .ended
        out.append(.closed(end))
    }

    // MARK: Handshake

    private mutating func take(
        _ welcome: Welcome, body: [UInt8], _ out: inout [SessionAction],
        holder: some SyncHolder
    ) throws {
        guard case .awaitingWelcome = state else { throw Self.unexpected }
        try handshake.check(welcome, role: .relay)
        let (summary, until) = try holder.greeting(relay: welcome.key, epoch: welcome.epoch)
        let (hello, text) = handshake.answer(
            welcomeBody: body, summary: summary, completeUntil: until)
        state = .awaitingReady(welcome, text: text, hasSummary: summary != nil)
        out.append(.send(.hello(hello)))
    }

    private mutating func take(
        _ ready: Ready, _ out: inout [SessionAction], holder: inout some SyncHolder
    ) throws {
        guard case .awaitingReady(let welcome, let text, let hasSummary) = state else {
            throw Self.unexpected
        }
        guard welcome.key.isValid(ready.signature, over: text) else {
            throw Violation(.notAuthentic, "the relay does not prove its key")
        }
        guard ready.outcome != .havesFollow, hasSummary || ready.outcome == .cursorsWanted else {
            throw Violation(.unexpected, "this outcome answers no such hello")
        }
        try holder.meet(relay: welcome.key, epoch: welcome.epoch, time: welcome.time)
        state = .open
        relay = welcome
        metAt = life.now
        inbound.base = welcome.base
        uploads.addCredit(welcome.credit)
        switch ready.outcome {
        case .equal: isUpToDate = true
        case .changesFollow, .havesFollow: break
        case .cursorsWanted:
            let cursors = try holder.cursors()
            uploads.hold(cursors.map(\.log))
            out.append(.send(.cursors(cursors)))
        }
        for request in requests {
            switch request {
            case .page(let page): out.append(.send(.page(page)))
            case .ops(let ops): out.append(.send(.want(ops)))
            }
        }
    }

    // MARK: The open session

    private mutating func takeOpen(
        _ received: DecodedFrame, _ out: inout [SessionAction], holder: inout some SyncHolder
    ) throws {
        switch received.frame {
        case .status(let status): try take(status, &out, holder: &holder)
        case .names(let names):
            guard inbound.names.learn(names) else {
                throw Violation(.unexpected, "a number stands for something else already")
            }
        case .brief(let brief):
            let want = try inbound.take(
                brief, byteCount: UInt64(received.byteCount), request: lastRequest + 1,
                holder: &holder)
            guard let want else { break }
            lastRequest += 1
            requests.append(.ops(want))
            out.append(.send(.want(want)))
        case .batch(let batch):
            progress.note(batch.placements, of: batch.log)
            try inbound.take(batch, byteCount: UInt64(received.byteCount), holder: holder)
        case .placed(let placed):
            uploads.known(placed.log)
            progress.note(placed.placements, of: placed.log)
            try inbound.take(placed, holder: holder)
        case .head(let head): try take(head)
        case .refusal(let refusal):
            if try uploads.refused(refusal, now: life.now) { inbound.add(.refused(refusal)) }
        case .credit(let bytes): uploads.addCredit(bytes)
        case .done(let number): try takeDone(number, &out, holder: &holder)
        case .haves(let haves): try take(haves, holder: &holder)
        case .synced(let time):
            inbound.add(.synced(time))
            isUpToDate = true
        case .ephemeral(let ephemeral): out.append(.ephemeral(ephemeral))
        case .ping(let token): out.append(.send(.pong(token)))
        case .pong: break
        case .welcome, .hello, .ready, .failure, .cursors, .page, .want, .positions, .goodbye:
            throw Self.unexpected
        }
    }

    private mutating func take(
        _ status: LogStatus, _ out: inout [SessionAction], holder: inout some SyncHolder
    ) throws {
        let log = status.log
        guard status.from <= status.position || status.state != .follows else {
            throw Self.unexpected
        }
        // Who is in may change while the relay still reads what is here.
        if comparing.remove(log) != nil { overtaken[log, default: 0] += 1 }
        if status.state != .unknown { uploads.known(log) }
        switch status.state {
        case .follows:
            guard try status.from <= holder.position(of: log) else {
                throw Violation(.unexpected, "positions would be skipped")
            }
            inbound.start(log, from: status.from)
            inbound.add(.follows(log, from: status.from, position: status.position))
            progress.announce(log, from: status.from, position: status.position)
            if status.position > status.from { isUpToDate = false }
            uploads.release(log)
        case .ended:
            inbound.start(log, from: status.from)
            inbound.add(.ended(log))
            uploads.end(log)
        case .unknown, .compare:
            comparing.insert(log)
            uploads.hold([log])
            inbound.start(log, from: 0)
            try store(&out, holder: &holder)
            out.append(.send(.haves(try holder.haves(of: log))))
        }
    }

    private mutating func take(_ head: Head) throws(Violation) {
        guard let relay, head.epoch == relay.epoch, head.isSigned(by: relay.key) else {
            throw Violation(.notAuthentic, "a head that the relay did not sign")
        }
        inbound.add(.head(head))
    }

    /// The relay says what it has of a log where no cursor serves (rules C1, C2 and C4).
    private mutating func take(_ theirs: Haves, holder: inout some SyncHolder) throws {
        if let count = overtaken[theirs.log] {
            overtaken[theirs.log] = count > 1 ? count - 1 : nil
            return
        }
        guard comparing.remove(theirs.log) != nil else { throw Self.unexpected }
        let ours = try holder.haves(of: theirs.log)
        var filling: ClosedRange<UInt64>?
        if try holder.position(of: theirs.log) > 0 {
            // A cursor of this very epoch, which the relay's order does not join.
            inbound.add(.orderStartsAgain(theirs.log))
        } else if let mine = ours.head, let head = theirs.head, mine.epoch == head.epoch,
            head.epoch != relay?.epoch, min(mine.position, head.position) > 0
        {
            // An order of another epoch is filled, or appended, from its beginning.
            filling = 1...min(mine.position, head.position)
        }
        try uploads.compared(ours: ours, theirs: theirs, filling: filling, holder: holder)
    }

    private mutating func takeDone(
        _ number: UInt64, _ out: inout [SessionAction], holder: inout some SyncHolder
    ) throws {
        guard let request = requests.first, request.number == number else {
            throw Violation(.unexpected, "an answer to what was not asked")
        }
        requests.removeFirst()
        switch request {
        case .ops(let ops): inbound.answered(ops)
        case .page(let page):
            try store(&out, holder: &holder)
            out.append(.pageArrived(page))
        }
    }

    // MARK: Storing and sending

    /// Stores what came, gives credit back and tells of it.
    mutating func store(
        _ out: inout [SessionAction], holder: inout some SyncHolder
    ) throws {
        try correctClock(&holder)
        let last = try inbound.store(in: &holder)
        let stored = inbound.takeStored() + last
        guard !stored.isEmpty else { return }
        // By a close the holder may have begun to say things again.
        if stored.contains(where: \.hasCloses) { uploads.changed() }
        if let bytes = inbound.giveBack() { out.append(.send(.credit(bytes))) }
        let logs = Set(stored.compactMap(\.changedLog)).sorted()
        if !logs.isEmpty { out.append(.stored(logs)) }
    }

    /// What was refused may have to be said again with new stamps: the device's clock may have been
    /// set since the handshake (rule C2).
    private func correctClock(_ holder: inout some SyncHolder) throws {
        guard let relay, inbound.mayMakeSayAgain else { return }
        let time = min(relay.time + (life.now - metAt), HybridTime.millisecondsMaximum)
        try holder.meet(relay: relay.key, epoch: relay.epoch, time: time)
    }

    /// Sends up what the relay lacks, as far as its credit goes.
    mutating func upload(
        _ out: inout [SessionAction], holder: inout some SyncHolder
    ) throws {
        guard isOpen else { return }
        let frames = try uploads.send(names: inbound.names, base: inbound.base, holder: &holder)
        out += frames.map { .send($0) }
    }
}

extension Arrival {
    var hasCloses: Bool {
        guard case .ops(let sealed, _) = self else { return false }
        return sealed.segment.rows.contains { $0.kind == .close }
    }

    /// The log of which something is different once this is stored.
    var changedLog: LogID? {
        switch self {
        case .ops(let segment, _): segment.segment.log
        case .placed(let log, _), .ended(let log), .orderStartsAgain(let log),
            .follows(let log, _, _):
            log
        case .refused(let refusal): refusal.log
        case .head, .synced: nil
        }
    }
}
