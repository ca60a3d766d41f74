import FikaCRDT
import FikaChat
import FikaRelay
import FikaTestSupport
import Testing

/// A relay that lost its log is brought a close of its own before what it closes.
@Suite struct EarlyCloseTests {
    @Test func `U3: a close that comes before its replica holds for it`() throws {
        var stage = try RelayStage()
        var emma = TestReplica.founder()
        try emma.grant("omid")
        var omid = TestReplica(seed: 12, log: emma.log, user: "omid")
        omid.write("that counts")
        omid.write("that does not")
        var relay = TestReplica(relay: stage.relayKey, seed: 13, log: emma.log)
        let close = Close(replica: omid.id, seq: 2, chain: omid.chains[2], reason: .removed)
        relay.write(ChatKind.close.kind, body: close.body)
        let emmas = try stage.join("emma")
        for replica in [emma, relay, omid] { try stage.upload(replica.segments, from: emmas) }
        let accepted = stage.core.storage.acceptedReplicas(of: emma.log)
        #expect(accepted.first { $0.replica == omid.id }?.last == 2)
        #expect(accepted.first { $0.replica == omid.id }?.closedAt == 2)
        #expect(stage.transcript(emmas).hasSuffix("refusal(closed removed)"))
    }
}
