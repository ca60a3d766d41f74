import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaRelay
import FikaSimulation
import FikaSync
import FikaTestSupport
import Testing

/// Segments of which the door accepts a part: the part must verify by itself wherever it comes.
@Suite struct SegmentPartTests {
    private var stage: RelayStage
    private var emma: TestReplica
    private let emmas: ConnectionID
    private let omids: ConnectionID

    init() throws {
        stage = try RelayStage()
        emma = TestReplica.founder()
        try emma.grant("omid")
        emmas = try stage.join("emma")
        omids = try stage.join("omid")
        try stage.upload(emma.handOver(), from: emmas)
        _ = stage.hear(emmas)
        _ = stage.hear(omids)
    }

    private func writeAhead(_ replica: inout TestReplica) {
        replica.write(
            ChatKind.message.kind, body: MessageBody(text: "ahead").body, salt: Salt(raw: 1),
            time: HybridTime(milliseconds: stage.now + 400_000))
    }

    /// The ops of a room that a new device of Emma's verifies and holds.
    private mutating func opsOnNewDevice() throws -> [Op] {
        var holder = MemoryHolder(
            user: try #require(UserID("emma")), seed: 3, workspace: stage.workspace,
            now: stage.now)
        holder = try stage.disconnect(stage.connect(holder))
        return holder.ops(of: emma.log)
    }

    @Test
    mutating func `U3: of a new replica's first upload the part before the refused op is taken`()
        throws
    {
        var omid = TestReplica(seed: 12, log: emma.log, user: "omid", deviceName: "phone")
        omid.write("fine")
        writeAhead(&omid)
        omid.write("after it")
        try stage.upload(omid.handOver(), from: omids)
        #expect(
            stage.transcript(omids) == "placed(2) batch(2) refusal(closed clockAhead)")
        #expect(stage.transcript(emmas) == "batch(2) batch(2)")
        let held = try opsOnNewDevice().filter { $0.id.dot.replica == omid.id }
        #expect(held == Array(omid.ops[..<2]))
    }

    @Test mutating func `U3: of two replicas in one segment each has its part taken`() throws {
        var phone = TestReplica(seed: 12, log: emma.log, user: "omid", deviceName: "phone")
        phone.write(upTo: 70)
        writeAhead(&phone)
        phone.write("after it")
        var tablet = TestReplica(seed: 13, log: emma.log, user: "omid", deviceName: "tablet")
        tablet.write(upTo: 3)
        var draft = SegmentBuilder(log: emma.log)
        for op in phone.ops + tablet.ops { draft.append(op) }
        let proofs = [phone, tablet].flatMap { $0.segments }.flatMap(\.proofs)
        let block = draft.block()
        let sealed = SealedSegment(
            block: block, segment: try Segment(block: block), cards: [], proofs: proofs)
        try stage.upload([sealed], from: omids)
        #expect(stage.transcript(omids).contains("refusal(closed clockAhead)"))
        let held = try opsOnNewDevice()
        #expect(held.filter { $0.id.dot.replica == phone.id } == Array(phone.ops[..<70]))
        #expect(held.filter { $0.id.dot.replica == tablet.id } == tablet.ops)
    }

    @Test mutating func `U2: what goes on in the middle of a segment that was accepted in part`()
        throws
    {
        var omid = TestReplica(seed: 12, log: emma.log, user: "omid", deviceName: "phone")
        omid.write(upTo: 100)
        let first = omid.handOver()
        try stage.upload(first, from: omids)
        _ = stage.hear(omids)
        omid.write(upTo: 140)
        _ = stage.hear(emmas)
        try stage.upload(omid.segments, from: omids)
        #expect(stage.transcript(omids) == "placed(100) placed(40)")
        #expect(stage.transcript(emmas) == "batch(40)")
        #expect(
            try opsOnNewDevice().filter { $0.id.dot.replica == omid.id } == omid.ops)
    }
}
