import FikaCRDT
import FikaLog
import FikaRelay
import FikaSync
import FikaTestSupport
import Testing

@Suite struct HandshakeTests {
    @Test func `H1: the relay speaks first, and hello is answered in one round trip`() throws {
        var stage = try RelayStage()
        let id = try stage.join("emma")
        #expect(stage.transcript(id) == "welcome ready(equal) synced")
    }

    @Test func `H2: ready is signed by the relay's key over this very handshake`() throws {
        var stage = try RelayStage()
        let id = try stage.open()
        let hello = try stage.hello(for: id, "emma")
        try stage.send([.hello(hello)], from: id)
        let client = try #require(stage.clients[id])
        guard case .ready(let ready) = try #require(client.heard.dropFirst().first) else {
            Issue.record("no ready")
            return
        }
        #expect(
            Handshake.isAuthentic(
                ready, by: stage.relayKey.publicKey, welcomeBody: client.welcomeBody,
                helloBody: Frame.hello(hello).body))
    }

    @Test func `H2: a recorded hello is not authentic on another connection`() throws {
        var stage = try RelayStage()
        let first = try stage.open()
        let hello = try stage.hello(for: first, "emma")
        let second = try stage.open()
        try stage.send([.hello(hello)], from: second)
        #expect(stage.transcript(second) == "welcome failure(notAuthentic)")
        #expect(stage.clients[second]?.isClosed == true)
    }

    @Test func `H3: any other frame before hello ends the connection`() throws {
        var stage = try RelayStage()
        let id = try stage.open()
        try stage.send([.ping(1)], from: id)
        #expect(stage.transcript(id) == "welcome failure(unexpected)")
    }

    @Test func `H3: a second hello ends the connection`() throws {
        var stage = try RelayStage()
        let id = try stage.join("emma")
        _ = stage.hear(id)
        try stage.send([.hello(try stage.hello(for: id, "emma"))], from: id)
        #expect(stage.transcript(id) == "failure(unexpected)")
    }

    @Test func `H3: beyond loopback nobody is served unless the relay is told to`() throws {
        var stage = try RelayStage()
        let stranger = try stage.open(isLoopback: false)
        #expect(stage.transcript(stranger) == "failure(notAdmitted)")
        #expect(stage.clients[stranger]?.isClosed == true)
        var open = try RelayStage(settings: RelaySettings(allowsRemote: true))
        let guest = try open.open(isLoopback: false)
        #expect(open.transcript(guest) == "welcome")
    }

    @Test func `L1: a handshake takes ten seconds at most`() throws {
        var stage = try RelayStage()
        let id = try stage.open()
        try stage.tick(after: 9999)
        #expect(stage.transcript(id) == "welcome")
        try stage.tick(after: 1)
        #expect(stage.transcript(id) == "failure(tooSlow)")
    }

    @Test func `L1: silence is asked about after 20 s and ends after 45 s`() throws {
        var stage = try RelayStage()
        let id = try stage.join("emma")
        _ = stage.hear(id)
        try stage.tick(after: 20000)
        #expect(stage.transcript(id) == "ping")
        try stage.tick(after: 24999)
        #expect(stage.transcript(id).isEmpty)
        try stage.tick(after: 1)
        #expect(stage.clients[id]?.isClosed == true)
        #expect(stage.core.connectionCount == 0)
    }

    @Test func `L2: draining says goodbye to all`() throws {
        var stage = try RelayStage()
        let id = try stage.join("emma")
        _ = stage.hear(id)
        try stage.carryOut(stage.core.drain(retryAfter: 500))
        #expect(stage.hear(id) == [.goodbye(retryAfter: 500)])
        #expect(stage.clients[id]?.isClosed == true)
    }

    @Test func `whoever leaves before hello ends without a failure`() throws {
        var stage = try RelayStage()
        let id = try stage.open()
        _ = stage.hear(id)
        try stage.send([.goodbye(retryAfter: 0)], from: id)
        #expect(stage.transcript(id).isEmpty)
        #expect(stage.clients[id]?.isClosed == true)
    }
}
