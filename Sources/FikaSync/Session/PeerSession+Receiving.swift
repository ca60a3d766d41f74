import FikaCRDT
import FikaLog

extension PeerSession {
    mutating func take(
        _ received: DecodedFrame, _ out: inout [SessionAction], holder: inout some SyncHolder
    ) throws {
        switch received.frame {
        case .failure(let failure): try end(.failure(failure), &out, holder: &holder)
        case .goodbye(let retryAfter):
            try end(.goodbye(retryAfter: retryAfter), &out, holder: &holder)
        case .welcome(let welcome): try take(welcome, body: received.signedBody, &out)
        case .hello(let hello): try take(hello, body: received.signedBody, &out, holder: &holder)
        case .ready(let ready): try take(ready, &out, holder: &holder)
        case .brief, .batch, .credit, .want, .done, .haves, .ephemeral, .ping, .pong:
            guard isOpen else { throw Self.unexpected }
            try takeOpen(received, &out, holder: &holder)
        case .cursors, .status, .names, .placed, .head, .refusal, .page, .positions, .synced:
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
        _ welcome: Welcome, body: [UInt8], _ out: inout [SessionAction]
    ) throws {
        guard case .awaitingWelcome = state else { throw Self.unexpected }
        try handshake.check(welcome, role: .device)
        let (hello, text) = handshake.answer(
            welcomeBody: body, summary: nil, completeUntil: 0)
        state = .awaitingReady(welcome, text: text)
        out.append(.send(.hello(hello)))
    }

    private mutating func take(
        _ hello: Hello, body: [UInt8], _ out: inout [SessionAction],
        holder: inout some SyncHolder
    ) throws {
        guard case .awaitingHello(let welcome) = state else { throw Self.unexpected }
        let welcomeBody = Frame.welcome(welcome).body
        if let failure = ListenerHandshake.failure(of: hello, body: body, welcomeBody: welcomeBody)
        {
            throw Violation(failure)
        }
        guard hello.workspace == handshake.identity.workspace else {
            throw Violation(.notAdmitted, "another workspace")
        }
        let ready = ListenerHandshake.ready(
            .havesFollow, key: handshake.identity.key, welcomeBody: welcomeBody, helloBody: body)
        out.append(.send(.ready(ready)))
        try open(user: hello.user, credit: hello.credit, base: welcome.base, &out, holder: &holder)
    }

    private mutating func take(
        _ ready: Ready, _ out: inout [SessionAction], holder: inout some SyncHolder
    ) throws {
        guard case .awaitingReady(let welcome, let text) = state else { throw Self.unexpected }
        guard welcome.key.isValid(ready.signature, over: text) else {
            throw Violation(.notAuthentic, "the device does not prove its key")
        }
        guard ready.outcome == .havesFollow, let user = welcome.user else {
            throw Violation(.unexpected, "this outcome answers no such hello")
        }
        try open(user: user, credit: welcome.credit, base: welcome.base, &out, holder: &holder)
    }

    /// Both ends are proven: names what is held of each log that the other's user may read (P1).
    private mutating func open(
        user: UserID, credit: UInt64, base: UInt64, _ out: inout [SessionAction],
        holder: inout some SyncHolder
    ) throws {
        state = .open
        self.user = user
        inbound.base = base
        outgoing.addCredit(credit)
        // What is about to be handed over is sealed first (rule O3).
        _ = try holder.pending()
        for log in try holder.logs(readableBy: user) {
            var haves = try holder.haves(of: log)
            haves.head = nil
            out.append(.send(.haves(haves)))
        }
        out.append(.send(.done(0)))
    }

    // MARK: The open session

    private mutating func takeOpen(
        _ received: DecodedFrame, _ out: inout [SessionAction], holder: inout some SyncHolder
    ) throws {
        switch received.frame {
        case .haves(let haves):
            guard !theyNamedAll, theirs[haves.log] == nil else { throw Self.unexpected }
            theirs[haves.log] = haves
        case .done(let number): try takeDone(number, &out, holder: &holder)
        case .batch(let batch):
            guard batch.placements.isEmpty else {
                throw Violation(.unexpected, "a device tells no positions")
            }
            try inbound.take(batch, byteCount: UInt64(received.byteCount), holder: holder)
        case .brief(let brief):
            let want = try inbound.take(
                brief, byteCount: UInt64(received.byteCount), request: lastRequest + 1,
                holder: &holder)
            guard let want else { break }
            lastRequest += 1
            wanted.append(want)
            out.append(.send(.want(want)))
        case .want(let want): try answer(want, holder: holder)
        case .credit(let bytes): outgoing.addCredit(bytes)
        case .ephemeral(let ephemeral):
            if ephemeral.user == user { out.append(.ephemeral(ephemeral)) }
        case .ping(let token): out.append(.send(.pong(token)))
        case .pong: break
        case .welcome, .hello, .ready, .failure, .cursors, .status, .names, .placed, .head,
            .refusal, .page, .positions, .synced, .goodbye:
            throw Self.unexpected
        }
    }

    private mutating func takeDone(
        _ number: UInt64, _ out: inout [SessionAction], holder: inout some SyncHolder
    ) throws {
        switch number {
        case 0 where !theyNamedAll:
            theyNamedAll = true
            try queueAll(holder: &holder)
            outgoing.append(.frame(.done(1)))
        case 1 where theyNamedAll && !theySentAll:
            theySentAll = true
            try store(&out, holder: &holder)
        default:
            guard let first = wanted.first, first.request == number else {
                throw Violation(.unexpected, "an answer to what was not asked")
            }
            wanted.removeFirst()
            inbound.answered(first)
        }
    }

    private mutating func answer(_ want: OpsRequest, holder: some SyncHolder) throws {
        guard let user else { throw Self.unexpected }
        if try holder.logs(readableBy: user).contains(want.log) {
            for seqs in want.seqs {
                outgoing.append(
                    .ops(
                        want.log, ReplicaRange(replica: want.replica, seqs: seqs), joins: false,
                        withCards: true))
            }
        }
        outgoing.append(.frame(.done(want.request)))
    }

    // MARK: Storing and sending

    mutating func store(
        _ out: inout [SessionAction], holder: inout some SyncHolder
    ) throws {
        let arrivals = inbound.takeArrivals()
        for arrival in arrivals { note(arrival) }
        let early = inbound.takeStored()
        for arrival in early { note(arrival) }
        var logs = try intake.store(arrivals, isLast: theySentAll, in: &holder)
        logs += early.compactMap(\.changedLog)
        if let bytes = inbound.giveBack() { out.append(.send(.credit(bytes))) }
        guard !logs.isEmpty else { return }
        mayHaveMore = true
        out.append(.stored(Set(logs).sorted()))
    }

    /// What the other end sent it need not be sent.
    private mutating func note(_ arrival: Arrival) {
        guard case .ops(let segment, _) = arrival else { return }
        for run in segment.segment.runs {
            let replica = segment.segment.replicas[Int(run.replica)]
            let key = ReplicaInLog(log: segment.segment.log, replica: replica)
            queued[key, default: IntervalSet()].insert(run.first...run.last)
        }
    }

    mutating func sendMore(
        _ out: inout [SessionAction], holder: inout some SyncHolder
    ) throws {
        guard isOpen else { return }
        if mayHaveMore, theyNamedAll, outgoing.isEmpty {
            mayHaveMore = false
            try queueAll(holder: &holder)
        }
        let frames = try outgoing.send(names: inbound.names, base: inbound.base, holder: holder)
        out += frames.map { .send($0) }
    }

    /// Queues whatever the other end lacks of the logs that its user may read (rule P2).
    private mutating func queueAll(holder: inout some SyncHolder) throws {
        guard let user else { return }
        _ = try holder.pending()
        for log in try holder.logs(readableBy: user) {
            let ours = try holder.haves(of: log)
            let lacking = HavesDifference.lacking(
                ours: ours, theirs: theirs[log] ?? Haves(log: log, head: nil, replicas: []))
            for replica in lacking.keys.sorted() {
                let key = ReplicaInLog(log: log, replica: replica)
                let seqs = (lacking[replica] ?? IntervalSet())
                    .subtracting(queued[key] ?? IntervalSet())
                queued[key, default: IntervalSet()].formUnion(seqs)
                for part in seqs.intervals {
                    outgoing.append(
                        .ops(
                            log, ReplicaRange(replica: replica, seqs: part), joins: false,
                            withCards: part.lowerBound > 1))
                }
            }
        }
    }
}
