import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaRelay
import FikaSync
import FikaTestSupport
import Testing

@Suite struct ReadingTests {
    private let everything = 1...Limits.seqMaximum

    /// Emma's room, in which she is alone, with ten messages.
    private func room() throws -> (RelayStage, TestReplica, ConnectionID) {
        var stage = try RelayStage()
        var emma = TestReplica.founder()
        emma.write(upTo: 12)
        let emmas = try stage.join("emma")
        try stage.upload(emma.handOver(), from: emmas)
        _ = stage.hear(emmas)
        return (stage, emma, emmas)
    }

    @Test func `F11: a stranger reads nothing by page, want or positions`() throws {
        var (stage, emma, _) = try room()
        let evas = try stage.join("eva")
        _ = stage.hear(evas)
        try stage.send(
            [
                .page(
                    PageRequest(
                        request: 1, log: emma.log, before: .maximum, limit: 50)),
                .want(OpsRequest(request: 2, log: emma.log, replica: emma.id, seqs: [1...9])),
                .positions(PositionsRequest(request: 3, log: emma.log, positions: 1...9)),
            ], from: evas)
        #expect(stage.hear(evas) == [.done(1), .done(2), .done(3)])
    }

    @Test func `F11: to a stranger a log is unknown, and its haves are empty`() throws {
        var (stage, emma, _) = try room()
        let evas = try stage.join("eva", summary: nil)
        _ = stage.hear(evas)
        try stage.send(
            [.cursors([LogCursor(log: emma.log, position: 1, runningPrefix: 0)])], from: evas)
        try stage.send([.haves(Haves(log: emma.log, head: nil, replicas: []))], from: evas)
        #expect(
            stage.hear(evas) == [
                .status(LogStatus(log: emma.log, state: .unknown)),
                .haves(Haves(log: emma.log, head: nil, replicas: [])), .synced(stage.now),
            ])
    }

    @Test func `C1 R8: while a log is compared nothing of it is told, and nothing is synced`()
        throws
    {
        var (stage, emma, emmas) = try room()
        let second = try stage.join("emma", seed: 6, summary: nil)
        _ = stage.hear(second)
        try stage.send(
            [.cursors([LogCursor(log: emma.log, position: 1, runningPrefix: 0)])], from: second)
        #expect(stage.transcript(second) == "compare(0...12)")
        emma.write(upTo: 13)
        try stage.upload(emma.handOver(), from: emmas)
        #expect(stage.transcript(second).isEmpty)
        try stage.send([.haves(Haves(log: emma.log, head: nil, replicas: []))], from: second)
        #expect(stage.transcript(second) == "haves batch(13) synced")
    }

    @Test func `Y4: what was acknowledged meanwhile is not told in brief again`() throws {
        var (stage, emma, emmas) = try room()
        try stage.tick()
        let head = try #require(
            stage.hear(emmas).compactMap { frame -> Head? in
                if case .head(let head) = frame { head } else { nil }
            }.last)
        emma.write("once more")
        let last = emma.handOver()
        try stage.upload(last, from: emmas)
        // Another connection of hers lacks the acknowledgement, and is sent nothing yet.
        let again = try stage.join("emma", credit: 0, seed: 6, summary: nil)
        let cursor = LogCursor(
            log: emma.log, position: head.position,
            runningPrefix: LogCursor.prefix(head.running))
        try stage.send([.cursors([cursor])], from: again)
        _ = stage.hear(again)
        try stage.upload(last, from: again)
        #expect(stage.transcript(again) == "placed(1)")
        try stage.send([.credit(1000)], from: again)
        #expect(stage.transcript(again) == "batch(1) synced")
    }

    @Test func `R8: who is let in and put out at once hears that nothing follows`() throws {
        var (stage, emma, emmas) = try room()
        let omids = try stage.join("omid")
        #expect(stage.transcript(omids) == "welcome ready(equal) synced")
        let grant = try emma.grant("omid")
        let first = emma.handOver()
        emma.revoke(grant)
        try stage.upload(first + emma.handOver(), from: emmas)
        #expect(
            stage.transcript(omids) == "follows(0...13) ended(0...14) batch(3) synced")
    }

    @Test func `L1 R4: a clock that is set back stops neither heads nor the search for the dead`()
        throws
    {
        var (stage, emma, emmas) = try room()
        try stage.tick()
        stage.now -= 10 * 365 * 86_400_000
        emma.write("later")
        try stage.upload(emma.handOver(), from: emmas)
        _ = stage.hear(emmas)
        for _ in 0..<3 { try stage.tick() }
        #expect(stage.transcript(emmas) == "head")
        for _ in 0..<50 { try stage.tick() }
        #expect(stage.clients[emmas]?.isClosed == true)
    }

    @Test func `F11: a stranger neither hears nor says anything that is not stored`() throws {
        var (stage, emma, emmas) = try room()
        let evas = try stage.join("eva")
        let second = try stage.join("emma", seed: 6)
        _ = (stage.hear(evas), stage.hear(second), stage.hear(emmas))
        let typing = Ephemeral(
            log: emma.log, user: try #require(UserID("omid")), kind: .typing, timeToLive: 5000)
        try stage.send([.ephemeral(typing)], from: evas)
        #expect(stage.hear(emmas).isEmpty)
        try stage.send([.ephemeral(typing)], from: emmas)
        var said = typing
        said.user = try #require(UserID("emma"))
        #expect(stage.hear(second) == [.ephemeral(said)])
        #expect(stage.hear(evas).isEmpty)
    }

    @Test func `F11: a stranger gets no live op, no head and no name`() throws {
        var (stage, emma, emmas) = try room()
        let evas = try stage.join("eva")
        _ = stage.hear(evas)
        emma.write("secret")
        try stage.upload(emma.handOver(), from: emmas)
        try stage.tick()
        #expect(stage.hear(evas).isEmpty)
        #expect(stage.transcript(emmas) == "placed(1) head")
    }

    @Test func `R4: a log is signed at most once a second`() throws {
        var (stage, emma, emmas) = try room()
        try stage.tick()
        #expect(stage.transcript(emmas) == "head")
        emma.write("one")
        try stage.upload(emma.handOver(), from: emmas)
        try stage.tick(after: 500)
        #expect(stage.transcript(emmas) == "placed(1)")
        try stage.tick(after: 500)
        #expect(stage.transcript(emmas) == "head")
    }

    @Test func `D7: requests are answered in order`() throws {
        var (stage, emma, emmas) = try room()
        try stage.send(
            [
                .page(PageRequest(request: 1, log: emma.log, before: .maximum, limit: 4)),
                .want(OpsRequest(request: 2, log: emma.log, replica: emma.id, seqs: [3...5])),
                .positions(PositionsRequest(request: 3, log: emma.log, positions: 2...40)),
            ], from: emmas)
        #expect(stage.transcript(emmas) == "batch(4) done batch(3) done batch(11) done")
    }

    @Test func `D2: a long log comes as early ops, a page, and then the rest in order`() throws {
        var stage = try RelayStage()
        var emma = TestReplica.founder()
        emma.write(upTo: 1500)
        let emmas = try stage.join("emma", credit: 1 << 22)
        try stage.upload(emma.handOver(), from: emmas)
        let phone = try stage.join("emma", credit: 1 << 22, seed: 6)
        let heard = stage.hear(phone)
        #expect(
            heard.map(\.word) == [
                "welcome", "ready(changesFollow)", "follows(0...1500)", "batch(2)", "batch(50)",
                "batch(1022)", "batch(426)", "head", "synced",
            ])
        var told: [Placement] = []
        for case .batch(let batch) in heard.dropFirst(5) { told += batch.placements }
        #expect(told.map(\.position).sorted() == told.map(\.position))
        #expect(told.reduce(0) { $0 + $1.count } == 1500)
    }

    @Test func `D6: without credit a consumer falls behind, and loses nothing`() throws {
        var (stage, emma, emmas) = try room()
        let phone = try stage.join("emma", credit: 1, seed: 6)
        #expect(
            stage.transcript(phone)
                == "welcome ready(changesFollow) follows(0...12) batch(12) synced")
        for number in 1...3 {
            emma.write("message \(number)")
            try stage.upload(emma.handOver(), from: emmas)
        }
        #expect(stage.transcript(phone).isEmpty)
        #expect(stage.notes.count { $0 == .fellBehind(phone, emma.log) } == 1)
        try stage.send([.credit(100_000)], from: phone)
        #expect(stage.transcript(phone) == "batch(3) synced")
        emma.write("live again")
        try stage.upload(emma.handOver(), from: emmas)
        #expect(stage.transcript(phone) == "names brief")
    }

    @Test func `D6: ops that come without credit end the connection`() throws {
        var stage = try RelayStage(settings: RelaySettings(uplinkCredit: 100))
        var emma = TestReplica.founder()
        let emmas = try stage.join("emma")
        _ = stage.hear(emmas)
        try stage.upload(emma.handOver(), from: emmas)
        #expect(stage.transcript(emmas) == "placed(2) credit")
        emma.write("one")
        let one = emma.handOver()
        emma.write("two")
        try stage.upload(one + emma.handOver(), from: emmas)
        #expect(stage.transcript(emmas) == "failure(unexpected)")
    }

    @Test func `E1: a delete destroys the body at the relay, whichever comes first`() throws {
        var (stage, emma, emmas) = try room()
        let message = emma.write("regretted")
        let edit = emma.write(
            ChatKind.edit.kind, body: MessageBody(text: "again").body, salt: Salt(raw: 3),
            target: message.id.dot)
        emma.delete(message)
        emma.write(
            ChatKind.edit.kind, body: MessageBody(text: "late").body, salt: Salt(raw: 4),
            target: message.id.dot)
        try stage.upload(emma.handOver(), from: emmas)
        let held = stage.core.storage.ops(of: emma.id, in: emma.log, seqs: everything)
        let erased = held.filter { $0.body == nil }.map(\.id.dot.seq)
        #expect(erased == [message.id.dot.seq, edit.id.dot.seq, 16])
    }

    @Test func `RS3: Nothing is said of what is not on disk`() throws {
        var generator = SplitMix64(seed: 99)
        let key = DeviceKey(using: &generator)
        var core = try RelayCore(
            key: key, log: FailingLog(), settings: RelaySettings(), now: 1_767_603_600_000,
            entropy: SplitMix64(seed: 7))
        let id = ConnectionID(raw: 1)
        _ = core.opened(id, isLoopback: true, now: 1_767_603_600_000)
        let brief = DecodedFrame(
            frame: .haves(Haves(log: logNumbered(1), head: nil, replicas: [])), byteCount: 1)
        #expect(throws: FailingLog.DiskFull.self) {
            try core.received([(id, [brief])], now: 1_767_603_600_000)
        }
        #expect(core.connectionCount == 0)
    }
}
