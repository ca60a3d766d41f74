import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaRelay
import FikaSimulation
import FikaSync
import FikaTestSupport
import Testing

/// Too many too fast, at a relay that takes six ops at once and two a second.
@Suite struct PacingTests {
    private var stage: RelayStage
    private var emma: TestReplica
    private let emmas: ConnectionID

    init() throws {
        stage = try RelayStage(settings: RelaySettings(opsAtOnce: 6, opsPerSecond: 2))
        emma = TestReplica.founder()
        try emma.grant("omid")
        emmas = try stage.join("emma")
        try stage.upload(emma.handOver(), from: emmas)
        _ = stage.hear(emmas)
    }

    private func wait(_ seq: UInt64, accepted: UInt64, _ retryAfter: UInt64) -> [Frame] {
        [
            .refusal(
                Refusal(
                    log: emma.log, replica: emma.id, seq: seq, action: .wait, accepted: accepted,
                    retryAfter: retryAfter))
        ]
    }

    @Test
    mutating func `U4: at the limit ops are accepted, above it they wait and nothing is lost`()
        throws
    {
        emma.write(upTo: 6)
        try stage.upload(emma.handOver(), from: emmas)
        #expect(stage.transcript(emmas) == "placed(3)")
        emma.write("too fast")
        let held = emma.handOver()
        let before = LogDumpPair(stage.core.storage)
        try stage.upload(held, from: emmas)
        #expect(stage.hear(emmas) == wait(7, accepted: 6, 1000))
        #expect(LogDumpPair(stage.core.storage) == before)
        #expect(stage.clients[emmas]?.isClosed == false)
        try stage.tick(after: 1000)
        _ = stage.hear(emmas)
        try stage.upload(held, from: emmas)
        #expect(stage.transcript(emmas) == "placed(1)")
    }

    @Test mutating func `U4: far above the limit each batch is told to wait, briefs as well`()
        throws
    {
        emma.write(upTo: 7)
        try stage.upload(emma.handOver(), from: emmas)
        #expect(stage.transcript(emmas) == "placed(4)")
        for _ in 0..<3 {
            let seq = emma.last + 1
            emma.write(upTo: seq + 9)
            try stage.upload(emma.handOver(), from: emmas)
            #expect(stage.hear(emmas) == wait(seq, accepted: 7, 1500))
        }
        let op = try #require(emma.ops.last)
        let brief = Brief(
            op, seal: emma.seal(at: emma.last).signature,
            base: try #require(stage.clients[emmas]?.welcome).base, names: NameTable(),
            position: 0, acceptedAt: 0)
        try stage.send([.brief(try #require(brief))], from: emmas)
        #expect(stage.hear(emmas) == wait(emma.last, accepted: 7, 1500))
    }

    @Test mutating func `U4: it is counted by user, whatever the connection`() throws {
        let omids = try stage.join("omid", seed: 6)
        let second = try stage.join("emma", seed: 5)
        _ = stage.hear(omids)
        _ = stage.hear(second)
        emma.write(upTo: 6)
        try stage.upload(emma.handOver(), from: emmas)
        emma.write("from the other connection")
        try stage.upload(emma.handOver(), from: second)
        #expect(stage.transcript(second).hasSuffix("refusal(wait -)"))
        var omid = TestReplica(seed: 12, log: emma.log, user: "omid", deviceName: "phone")
        omid.write("in peace")
        try stage.upload(omid.handOver(), from: omids)
        #expect(stage.transcript(omids).hasSuffix("placed(2)"))
    }

    @Test mutating func `E1: what is not stored counts as well, and is dropped when too fast`()
        throws
    {
        let omids = try stage.join("omid", seed: 6)
        _ = stage.hear(omids)
        let typing = Ephemeral(
            log: emma.log, user: try #require(UserID("emma")), kind: .typing, timeToLive: 5000)
        for _ in 0..<9 { try stage.send([.ephemeral(typing)], from: emmas) }
        #expect(stage.hear(omids).count == 3)
        #expect(stage.hear(emmas).isEmpty)
    }

    @Test mutating func `S4: what fills an order that was taken over does not count`() throws {
        let (user, workspace) = (try #require(UserID("emma")), stage.workspace)
        var old = try RelayStage()
        let first = try old.connect(
            MemoryHolder(user: user, seed: 1, workspace: workspace, now: old.now))
        let room = try old.write(first) { holder in
            let room = holder.makeRoom("Fika")
            for number in 1...50 { holder.say("message \(number)", in: room) }
            return room
        }
        try old.tick(after: 2000)
        stage.now = old.now
        stage.core = try RelayCore(
            key: stage.relayKey, log: MemoryRelayLog(),
            settings: RelaySettings(opsAtOnce: 6, opsPerSecond: 2), now: stage.now,
            entropy: SplitMix64(seed: 70))
        let again = try stage.connect(old.disconnect(first))
        #expect(try stage.holder(again).cursor(of: room)?.position == 52)
        #expect(stage.core.storage.order(of: room)?.position == 52)
    }
}
