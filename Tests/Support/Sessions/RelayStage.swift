import FikaChat
package import FikaCRDT
package import FikaLog
package import FikaNet
package import FikaRelay
package import FikaSimulation
package import FikaSync
import Testing

/// A relay's core and those who talk to it, without a network: what is sent is there at once.
package struct RelayStage {
    package var core: RelayCore<MemoryRelayLog>
    package var now: UInt64 = 1_767_603_600_000
    package let relayKey: DeviceKey
    package let workspace = WorkspaceID(high: 1, low: 1)
    package var clients: [ConnectionID: Client] = [:]
    package var notes: [RelayNote] = []
    package var lastActions: [RelayAction] = []
    private var lastID: UInt64 = 0
    /// All frames of whole clients, in order.
    private var tape: [Taped] = []

    /// A frame of a whole client's session, with what both ends were before it came.
    package struct Taped {
        package let id: ConnectionID
        package let isUp: Bool
        package let bytes: [UInt8]
        package let now: UInt64
        /// Of a frame to the relay.
        package let core: RelayCore<MemoryRelayLog>?
        /// Of a frame to the client.
        package let session: ClientSession?
        package let holder: MemoryHolder?
    }

    /// A whole client ended the session, because of what the relay said.
    package struct ClientFailed: Error {
        let id: ConnectionID
        let failure: Failure
    }

    /// The frames of one client, which are then forgotten.
    package mutating func takeTape(of id: ConnectionID) -> [Taped] {
        defer { tape.removeAll { $0.id == id } }
        return tape.filter { $0.id == id }
    }

    /// One end of a connection that is scripted by a test.
    package struct Client {
        package var decoder = FrameDecoder()
        package var welcomeBody: [UInt8] = []
        package var welcome: Welcome?
        /// What came since the last look.
        package var heard: [Frame] = []
        package var bytesDown = 0
        package var bytesUp = 0
        package var isClosed = false
        package var session: ClientSession?
        package var holder: MemoryHolder?
    }

    package init(settings: RelaySettings = RelaySettings(), log: MemoryRelayLog = MemoryRelayLog())
        throws
    {
        var generator = SplitMix64(seed: 99)
        relayKey = DeviceKey(using: &generator)
        core = try RelayCore(
            key: relayKey, log: log, settings: settings, now: now, entropy: SplitMix64(seed: 7))
    }

    /// A relay with the same key begins with another log.
    package mutating func restart(with log: MemoryRelayLog, seed: UInt64) throws {
        core = try RelayCore(
            key: relayKey, log: log, settings: RelaySettings(), now: now,
            entropy: SplitMix64(seed: seed))
    }

    // MARK: Scripted ends

    /// Opens a connection; the welcome is heard.
    package mutating func open(isLoopback: Bool = true) throws -> ConnectionID {
        lastID += 1
        let id = ConnectionID(raw: lastID)
        clients[id] = Client()
        try carryOut(core.opened(id, isLoopback: isLoopback, now: now))
        return id
    }

    /// Opens a connection and shakes hands as a user with nothing.
    package mutating func join(
        _ user: String, credit: UInt64 = 1 << 20, workspace: WorkspaceID? = nil, seed: UInt64 = 5,
        summary: SyncSummary? = SyncSummary()
    ) throws -> ConnectionID {
        let id = try open()
        let hello = try hello(
            for: id, user, credit: credit, workspace: workspace, seed: seed, summary: summary)
        try send([.hello(hello)], from: id)
        clients[id]?.decoder.limit = .full
        return id
    }

    package func hello(
        for id: ConnectionID, _ user: String, credit: UInt64 = 1 << 20,
        workspace: WorkspaceID? = nil, seed: UInt64 = 5, summary: SyncSummary? = SyncSummary()
    ) throws -> Hello {
        var generator = SplitMix64(seed: seed)
        let key = DeviceKey(using: &generator)
        let hello = Hello(
            key: key.publicKey, nonce: Array(repeating: 3, count: 16),
            workspace: workspace ?? self.workspace, user: try #require(UserID(user)),
            credit: credit, summary: summary, completeUntil: 0,
            signature: try #require(Signature(bytes: Array(repeating: 0, count: 64))))
        return Handshake.signed(
            hello, by: key, welcomeBody: try #require(clients[id]).welcomeBody)
    }

    package mutating func send(_ frames: [Frame], from id: ConnectionID) throws {
        var decoder = FrameDecoder(limit: .full)
        var received: [DecodedFrame] = []
        for frame in frames {
            let bytes = frame.encode()
            decoder.append(bytes)
            if clients[id]?.session != nil { record(bytes, isUp: true, of: id) }
        }
        while let frame = try decoder.next() { received.append(frame) }
        clients[id]?.bytesUp += frames.reduce(0) { $0 + $1.encode().count }
        try carryOut(core.received([(id, received)], now: now))
    }

    /// Hands ops in as a client does.
    package mutating func upload(_ segments: [SealedSegment], from id: ConnectionID) throws {
        let log = try #require(segments.first).segment.log
        try send(
            segments.map { .batch(Batch(log: log, placements: [], segment: $0.bytes)) }, from: id)
    }

    /// What a connection heard since the last look.
    package mutating func hear(_ id: ConnectionID) -> [Frame] {
        defer { clients[id]?.heard = [] }
        return clients[id]?.heard ?? []
    }

    /// The same in words: the names of the frames.
    package mutating func transcript(_ id: ConnectionID) -> String {
        hear(id).map(\.word).joined(separator: " ")
    }

    package mutating func tick(after milliseconds: UInt64 = 1000) throws {
        now += milliseconds
        try carryOut(core.tick(now: now))
    }

    // MARK: Whole clients

    /// Connects a holder with a real session.
    package mutating func connect(_ holder: MemoryHolder, credit: UInt64 = 1 << 20) throws
        -> ConnectionID
    {
        lastID += 1
        let id = ConnectionID(raw: lastID)
        var session = ClientSession(
            identity: SessionIdentity(
                key: holder.key, workspace: workspace, user: holder.user),
            nonce: Array(repeating: UInt8(truncatingIfNeeded: lastID), count: 16), credit: credit)
        _ = session.connected(now: now)
        clients[id] = Client(session: session, holder: holder)
        try carryOut(core.opened(id, isLoopback: true, now: now))
        return id
    }

    package mutating func disconnect(_ id: ConnectionID) throws -> MemoryHolder {
        core.closed(id)
        return try #require(clients.removeValue(forKey: id)?.holder)
    }

    package func holder(_ id: ConnectionID) throws -> MemoryHolder {
        try #require(clients[id]?.holder)
    }

    /// Changes what a device holds, and lets it send.
    package mutating func write<Value>(
        _ id: ConnectionID, _ body: (inout MemoryHolder) -> Value
    ) throws -> Value { try write(id, movesTime: true, body) }

    /// The same, while time stands still for all others.
    package mutating func writeAlone(
        _ id: ConnectionID, _ body: (inout MemoryHolder) -> Void
    ) throws { try write(id, movesTime: false, body) }

    private mutating func write<Value>(
        _ id: ConnectionID, movesTime: Bool, _ body: (inout MemoryHolder) -> Value
    ) throws -> Value {
        var client = try #require(clients[id])
        var holder = try #require(client.holder)
        if movesTime { holder.now = max(holder.now, now) }
        let value = body(&holder)
        if movesTime { now = max(now, holder.now) }
        var session = try #require(client.session)
        let actions = try session.localChanges(holder: &holder)
        client.session = session
        client.holder = holder
        clients[id] = client
        try carryOut(actions, of: id)
        return value
    }

    /// A device with nothing, in this workspace and at this time.
    package func newHolder(_ user: String, seed: UInt64) throws -> MemoryHolder {
        MemoryHolder(
            user: try #require(UserID(user)), seed: seed, workspace: workspace, now: now)
    }

    // MARK: Carrying out

    package mutating func carryOut(_ actions: [RelayAction]) throws {
        lastActions = actions
        for action in actions {
            switch action {
            case .send(let bytes, let id): try deliver(bytes, to: id)
            case .broadcast(let bytes, let ids): for id in ids { try deliver(bytes, to: id) }
            case .close(let id): clients[id]?.isClosed = true
            case .note(let note): notes.append(note)
            }
        }
        try answer()
    }

    private mutating func record(_ bytes: [UInt8], isUp: Bool, of id: ConnectionID) {
        tape.append(
            Taped(
                id: id, isUp: isUp, bytes: bytes, now: now, core: isUp ? core : nil,
                session: isUp ? nil : clients[id]?.session,
                holder: isUp ? nil : clients[id]?.holder))
    }

    /// What was heard and not taken by a session yet.
    private var waiting: [(ConnectionID, DecodedFrame)] = []

    private mutating func deliver(_ bytes: [UInt8], to id: ConnectionID) throws {
        guard clients[id] != nil else { return }
        clients[id]?.bytesDown += bytes.count
        clients[id]?.decoder.append(bytes)
        if clients[id]?.session != nil { record(bytes, isUp: false, of: id) }
        while let decoded = try clients[id]?.decoder.next() {
            clients[id]?.heard.append(decoded.frame)
            if case .welcome(let welcome) = decoded.frame {
                clients[id]?.welcome = welcome
                clients[id]?.welcomeBody = decoded.signedBody
                clients[id]?.decoder.limit = .full
            }
            if clients[id]?.session != nil { waiting.append((id, decoded)) }
        }
    }

    private mutating func answer() throws {
        while !waiting.isEmpty {
            let (id, first) = waiting.removeFirst()
            var frames = [first]
            while let next = waiting.first, next.0 == id {
                frames.append(next.1)
                waiting.removeFirst()
            }
            guard var client = clients[id], var session = client.session,
                var holder = client.holder
            else { continue }
            let actions = try session.received(frames, holder: &holder)
            client.session = session
            client.holder = holder
            clients[id] = client
            try carryOut(actions, of: id)
        }
    }

    private mutating func carryOut(_ actions: [SessionAction], of id: ConnectionID) throws {
        var frames: [Frame] = []
        for action in actions {
            switch action {
            case .send(let frame): frames.append(frame)
            case .fail(let failure): throw ClientFailed(id: id, failure: failure)
            case .phase, .stored, .unknown, .ephemeral, .pageArrived, .closed: break
            }
        }
        if !frames.isEmpty { try send(frames, from: id) }
    }
}

extension Frame {
    /// What a transcript says of it.
    package var word: String {
        switch self {
        case .status(let status): "\(status.state)(\(status.from)...\(status.position))"
        case .batch(let batch):
            "batch(\((try? SealedSegment(bytes: batch.segment).segment.rows.count) ?? -1))"
        case .placed(let placed): "placed(\(placed.placements.reduce(0) { $0 + $1.count }))"
        case .refusal(let refusal):
            "refusal(\(refusal.action) \(Self.reason(refusal)))"
        case .failure(let failure):
            "failure(\(Failure.Code(rawValue: failure.code).map { "\($0)" } ?? "?"))"
        case .ready(let ready): "ready(\(ready.outcome))"
        case .welcome, .hello, .cursors, .names, .brief, .head, .credit, .page, .want, .positions,
            .done, .haves, .synced, .ephemeral, .ping, .pong, .goodbye:
            "\(type)"
        }
    }

    private static func reason(_ refusal: Refusal) -> String {
        if refusal.action == .wait, refusal.reason == Refusal.unknownLog { return "unknownLog" }
        return CloseReason(rawValue: refusal.reason).map { "\($0)" } ?? "-"
    }
}
