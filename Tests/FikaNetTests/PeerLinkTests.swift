import FikaSimulation
import FikaCRDT
import FikaLog
import FikaNet
import FikaSync
import FikaTestSupport
import Glibc
import Testing

/// Two devices beside each other, over real sockets.
@Suite(.timeLimit(.minutes(5))) struct PeerLinkTests {
    private static let workspace = WorkspaceID(high: 0, low: 7)
    private let emma = SharedHolder(
        MemoryHolder(user: Self.user("emma"), seed: 1, workspace: Self.workspace))
    private let omid = SharedHolder(
        MemoryHolder(user: Self.user("omid"), seed: 2, workspace: Self.workspace))

    private static func user(_ name: String) -> UserID {
        guard let user = UserID(name) else { preconditionFailure("a name is a user's id") }
        return user
    }

    private func identity(_ holder: SharedHolder) -> SessionIdentity {
        holder.use {
            SessionIdentity(key: $0.key, workspace: $0.workspace, user: $0.user)
        }
    }

    private func listener(
        _ stored: LatestValue<Int> = LatestValue(0)
    ) -> PeerListener<SharedHolder> {
        let identity = identity(emma)
        return PeerListener(holder: emma) { nonce in
            .listening(as: identity, nonce: nonce, time: 1_767_603_600_000)
        } report: { _ in
            stored.set(stored.value + 1)
        }
    }

    private func link(to port: Int) -> LinkDriver<PeerSession, SharedHolder> {
        let identity = identity(omid)
        return LinkDriver(to: LinkAddress(host: "127.0.0.1", port: port), holder: omid) { nonce in
            .calling(as: identity, nonce: nonce)
        }
    }

    private func wait(
        for state: LinkState, of link: LinkDriver<PeerSession, SharedHolder>
    ) async {
        for await seen in link.state.values where seen == state { return }
        Issue.record("the link ended before it was \(state)")
    }

    private func room() -> LogID {
        emma.use { holder in
            let room = holder.makeRoom("Fredagsfika")
            holder.grant(Self.user("omid"), in: room)
            holder.say("Kanelbullar eller semlor?", in: room)
            return room
        }
    }

    /// An option of the wrong level once asked for what only root may set.
    @Test func `both ends send small frames at once, and need no rights for it`() async throws {
        let listener = listener()
        let port = try await listener.start(LinkAddress(host: "127.0.0.1", port: 0))
        let link = link(to: port)
        link.start()
        #expect(await link.settled() == .upToDate)
        let sockets = OpenSockets.connected(to: port)
        #expect(sockets.count == 2)
        for socket in sockets {
            let isAtOnce = OpenSockets.option(TCP_NODELAY, level: Int32(IPPROTO_TCP), of: socket)
            #expect(isAtOnce == 1)
            #expect(OpenSockets.option(SO_DEBUG, level: SOL_SOCKET, of: socket) == 0)
        }
        await link.close()
        await listener.close()
    }

    @Test func `P2: two devices exchange what the other lacks and go on live`() async throws {
        let room = room()
        let stored = LatestValue(0)
        let listener = listener(stored)
        let port = try await listener.start(LinkAddress(host: "127.0.0.1", port: 0))
        let link = link(to: port)
        link.start()
        #expect(await link.settled() == .upToDate)
        #expect(omid.ids(of: room) == emma.ids(of: room))
        omid.use { _ = $0.say("Semlor!", in: room) }
        link.notifyLocalChanges()
        for await count in stored.values where count > 0 { break }
        #expect(omid.ids(of: room) == emma.ids(of: room))
        #expect(listener.connectionCount.value == 1)
        await link.close()
        #expect(link.state.value == .closed)
        await listener.close()
    }

    @Test func `H1: a welcome that comes before the link knows of its connection is not lost`()
        async throws
    {
        let listener = listener()
        let port = try await listener.start(LinkAddress(host: "127.0.0.1", port: 0))
        for _ in 1...60 {
            let link = link(to: port)
            link.start()
            let state = await link.settled()
            #expect(state == .upToDate)
            await link.close()
        }
        await listener.close()
    }

    @Test func `L3: a link waits for who is not there, and a wish makes it try at once`()
        async throws
    {
        let listener = listener()
        let port = try await listener.start(LinkAddress(host: "127.0.0.1", port: 0))
        await listener.close()
        let link = link(to: port)
        link.start()
        guard case .offline = await link.settled() else {
            Issue.record("\(link.state.value)")
            return
        }
        let again = self.listener()
        #expect(try await again.start(LinkAddress(host: "127.0.0.1", port: port)) == port)
        link.wake()
        await wait(for: .upToDate, of: link)
        await link.close()
        await again.close()
    }

    @Test func `a device that does not serve others takes no address beyond loopback`() async {
        let listener = listener()
        await #expect(throws: ListenError.notLoopback("0.0.0.0")) {
            try await listener.start(LinkAddress(host: "0.0.0.0", port: 0))
        }
    }

    @Test func `H2: who is not who it should be is refused, and only a wish tries again`()
        async throws
    {
        let listener = listener()
        let port = try await listener.start(LinkAddress(host: "127.0.0.1", port: 0))
        let identity = identity(omid)
        let link = LinkDriver(
            to: LinkAddress(host: "127.0.0.1", port: port), holder: omid
        ) { nonce in
            PeerSession.calling(as: identity, nonce: nonce, pinned: identity.key.publicKey)
        }
        link.start()
        guard case .refused(let failure) = await link.settled() else {
            Issue.record("\(link.state.value)")
            return
        }
        #expect(Failure.Code(rawValue: failure.code) == .notAuthentic)
        await link.close()
        await listener.close()
    }
}
