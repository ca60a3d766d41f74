import FikaSimulation
import FikaCRDT
import FikaLog
import FikaSync
import FikaTestSupport
import Testing

/// A client's session and its holder, told what a relay says.
struct ClientScript {
    static let workspace = TestStore.workspace

    var holder: MemoryHolder
    var session: ClientSession
    var relay: ScriptRelay

    init(
        _ holder: MemoryHolder, relay: ScriptRelay = ScriptRelay(), credit: UInt64 = 1 << 20,
        pinned: PublicKey? = nil
    ) {
        self.holder = holder
        self.relay = relay
        session = ClientSession(
            identity: SessionIdentity(
                key: holder.key, workspace: Self.workspace, user: holder.user),
            nonce: [UInt8](repeating: 9, count: 16), credit: credit, pinned: pinned)
    }

    static func holder(_ user: String, seed: UInt64) throws -> MemoryHolder {
        MemoryHolder(user: try TestStore.user(user), seed: seed, workspace: workspace)
    }

    mutating func hear(_ frames: Frame...) throws -> [SessionAction] {
        try session.received(heard(frames), holder: &holder)
    }

    mutating func hear(_ frames: [Frame]) throws -> [SessionAction] {
        try session.received(heard(frames), holder: &holder)
    }

    /// Connects and hears the welcome; returns the hello.
    mutating func meet() throws -> Hello {
        let connected = session.connected(now: 0)
        #expect(connected == [.phase(.handshaking)])
        let actions = try hear(.welcome(relay.welcome))
        #expect(actions.count == 1)
        let hello: Hello? = if case .hello(let hello)? = actions.sent.first { hello } else { nil }
        return try #require(hello)
    }

    /// The whole handshake; returns what the session does then.
    mutating func open(_ outcome: Ready.Outcome) throws -> [SessionAction] {
        let hello = try meet()
        return try hear(relay.ready(outcome, to: hello))
    }

    /// Writes through the holder and tells the session.
    mutating func write(_ body: (inout MemoryHolder) -> Void) throws -> [SessionAction] {
        body(&holder)
        return try session.localChanges(holder: &holder)
    }

    mutating func tick(_ now: UInt64) throws -> [SessionAction] {
        try session.tick(now: now, holder: &holder)
    }
}
