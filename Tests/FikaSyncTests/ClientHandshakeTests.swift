import FikaSimulation
import FikaLog
import FikaSync
import FikaTestSupport
import Testing

@Suite struct ClientHandshakeTests {
    private func script(pinned: PublicKey? = nil) throws -> ClientScript {
        ClientScript(try ClientScript.holder("emma", seed: 1), pinned: pinned)
    }

    /// Expects a failure and a holder that never met anybody.
    private func expect(
        _ code: Failure.Code, _ actions: [SessionAction], _ script: ClientScript,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(actions.failure == code, sourceLocation: sourceLocation)
        #expect(actions.sent.isEmpty, sourceLocation: sourceLocation)
        #expect(script.holder.relay == nil, sourceLocation: sourceLocation)
        #expect(script.holder.correction == 0, sourceLocation: sourceLocation)
    }

    @Test func `H2: a welcome is answered by a hello that the device signed`() throws {
        var script = try script()
        let hello = try script.meet()
        #expect(hello.key == script.holder.key.publicKey)
        #expect(hello.user == script.holder.user)
        #expect(hello.summary == SyncSummary())
        #expect(
            Handshake.isAuthentic(
                hello, helloBody: Frame.hello(hello).body,
                welcomeBody: Frame.welcome(script.relay.welcome).body))
        #expect(script.holder.relay == nil, "nothing is believed yet")
    }

    @Test func `equal sums open the session up to date`() throws {
        var script = try script()
        #expect(try script.open(.equal) == [.phase(.upToDate)])
        #expect(script.holder.relay == script.relay.key.publicKey)
    }

    @Test func `H5: the clock is corrected once the relay has proven its key`() throws {
        var script = try script()
        _ = try script.open(.equal)
        #expect(script.holder.corrected == script.relay.welcome.time)
    }

    @Test func `R6: wanted cursors are sent`() throws {
        var script = try script()
        #expect(
            try script.open(.cursorsWanted)
                == [.send(.cursors([])), .phase(.syncing(held: 0, total: 0))])
    }

    @Test func `a ready signed by another key is not authentic`() throws {
        var script = try script()
        let hello = try script.meet()
        let forged = ListenerHandshake.ready(
            .equal, key: TestStore.key(5), welcomeBody: Frame.welcome(script.relay.welcome).body,
            helloBody: Frame.hello(hello).body)
        expect(.notAuthentic, try script.hear(.ready(forged)), script)
    }

    @Test func `H2: a recorded ready answers no new hello`() throws {
        var recorded = try script()
        let old = recorded.relay.ready(.equal, to: try recorded.meet())
        var script = try script()
        script.relay.nonce = 2
        _ = try script.meet()
        expect(.notAuthentic, try script.hear(old), script)
    }

    @Test func `H4: another key than the one known gets no hello`() throws {
        var script = try script(pinned: TestStore.key(5).publicKey)
        let welcome = script.relay.welcome
        expect(.notAuthentic, try script.hear(.welcome(welcome)), script)
    }

    @Test func `H3: versions that do not include ours are refused`() throws {
        var script = try script()
        var welcome = script.relay.welcome
        (welcome.lowestVersion, welcome.highestVersion) = (2, 3)
        expect(.unsupportedVersion, try script.hear(.welcome(welcome)), script)
    }

    @Test func `a device is no relay`() throws {
        var script = try script()
        var welcome = script.relay.welcome
        (welcome.role, welcome.user) = (.device, try TestStore.user("omid"))
        expect(.unexpected, try script.hear(.welcome(welcome)), script)
    }

    @Test(arguments: [
        Frame.synced(1), .done(1), .credit(1), .ping(1), .cursors([]),
        .placed(
            Placed(log: logNumbered(1), placements: [])),
    ])
    func `H3: nothing else is said before the handshake is done`(_ frame: Frame) throws {
        var first = try script()
        expect(.unexpected, try first.hear(frame), first)
        var second = try script()
        _ = try second.meet()
        expect(.unexpected, try second.hear(frame), second)
    }

    @Test func `a second welcome and a second ready are unexpected`() throws {
        var script = try script()
        let hello = try script.meet()
        let welcome = script.relay.welcome
        expect(.unexpected, try script.hear(.welcome(welcome)), script)
        script = try self.script()
        _ = try script.open(.equal)
        #expect(try script.hear(script.relay.ready(.equal, to: hello)).failure == .unexpected)
    }

    @Test(arguments: [Ready.Outcome.havesFollow, .equal, .changesFollow])
    func `an outcome that answers no such hello is unexpected`(_ outcome: Ready.Outcome) throws {
        var holder = try ClientScript.holder("emma", seed: 1)
        // Something is held, and no cursor is of the relay's epoch: there is no sum.
        _ = holder.makeRoom("Fika")
        _ = try holder.pending()
        var script = ClientScript(holder)
        let actions = try script.open(outcome)
        expect(.unexpected, actions, script)
    }

    @Test func `L1: a handshake takes 10 seconds at most`() throws {
        var script = try script()
        _ = script.session.connected(now: 5000)
        #expect(try script.tick(14999).isEmpty)
        expect(.tooSlow, try script.tick(15000), script)
        #expect(try script.tick(16000).isEmpty)
    }

    @Test func `a failed session hears nothing any more`() throws {
        var script = try script()
        #expect(try script.hear(.synced(1)).failure == .unexpected)
        let welcome = script.relay.welcome
        #expect(try script.hear(.welcome(welcome)).isEmpty)
        #expect(try script.session.localChanges(holder: &script.holder).isEmpty)
    }

    @Test func `the other end's failure and goodbye close the session`() throws {
        var first = try script()
        let failure = Failure(.notAdmitted, "not here")
        #expect(try first.hear(.failure(failure)) == [.closed(.failure(failure))])
        var second = try script()
        _ = try second.open(.equal)
        #expect(
            try second.hear(.goodbye(retryAfter: 500)) == [.closed(.goodbye(retryAfter: 500))])
    }

    @Test func `L1: silence is asked about after 20 seconds and ends the session after 45`() throws
    {
        var script = try script()
        _ = try script.open(.equal)
        #expect(try script.tick(19999).isEmpty)
        #expect(try script.tick(20000) == [.send(.ping(1))])
        #expect(try script.tick(44000).isEmpty)
        #expect(try script.hear(.pong(1)).isEmpty)
        #expect(try script.tick(64000) == [.send(.ping(2))])
        #expect(try script.tick(89000) == [.closed(.silent)])
        #expect(try script.tick(99000).isEmpty)
    }

    @Test func `a ping is answered`() throws {
        var script = try script()
        _ = try script.open(.equal)
        #expect(try script.hear(.ping(77)) == [.send(.pong(77))])
    }
}
