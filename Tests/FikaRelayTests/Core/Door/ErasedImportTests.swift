import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaRelay
import FikaSimulation
import FikaSync
import FikaTestSupport
import Testing

/// An imported line that is erased is erased in every copy, whoever imported it (E1, M23).
@Suite struct ErasedImportTests {
    private static let moment = HybridTime(milliseconds: 1_600_000_000_000)

    private var stage: RelayStage
    private var emma: TestReplica
    private let emmas: ConnectionID
    private let omids: ConnectionID

    init() throws {
        // With so few logs in mind each is read again all the time.
        stage = try RelayStage(settings: RelaySettings(cachedLogs: 1))
        emma = TestReplica.founder()
        try emma.grant("omid")
        emmas = try stage.join("emma")
        omids = try stage.join("omid", seed: 6)
        try stage.upload(emma.handOver(), from: emmas)
    }

    /// An import run with some lines of one moment.
    private func imported(_ texts: [String], by user: String, seed: UInt64) -> TestReplica {
        var run = TestReplica(seed: seed, log: emma.log, user: user)
        run.write(
            ChatKind.importRun.kind, body: ImportRun(source: "irc", channel: "#fika").body)
        for (index, text) in texts.enumerated() {
            let line = ImportedMessage(type: .message, author: "bo", text: text)
            run.write(
                ChatKind.imported.kind, body: line.body, salt: Salt(raw: seed + UInt64(index)),
                time: HybridTime(
                    milliseconds: Self.moment.milliseconds, counter: UInt16(index)))
        }
        return run
    }

    private func texts(of replica: TestReplica) -> [String?] {
        stage.core.storage.ops(of: replica.id, in: emma.log, seqs: 3...Limits.seqMaximum).map {
            guard $0.body != nil, case .imported(let line)? = try? ChatOp.decode($0) else {
                return nil
            }
            return line.text
        }
    }

    private mutating func deleteFirstLine(of run: TestReplica) throws {
        emma.delete(run.ops[2])
        try stage.upload(emma.handOver(), from: emmas)
    }

    @Test mutating func `E1: a copy that is there already goes with the line`() throws {
        var mine = imported(["regretted", "kept"], by: "emma", seed: 50)
        var theirs = imported(["kept", "other", "regretted"], by: "omid", seed: 60)
        try stage.upload(mine.handOver(), from: emmas)
        try stage.upload(theirs.handOver(), from: omids)
        #expect(texts(of: theirs) == ["kept", "other", "regretted"])
        try deleteFirstLine(of: mine)
        #expect(texts(of: mine) == [nil, "kept"])
        #expect(texts(of: theirs) == ["kept", "other", nil])
    }

    @Test mutating func `E1: a copy that comes later is erased as it comes, and nobody is sent it`()
        throws
    {
        var mine = imported(["regretted"], by: "emma", seed: 50)
        try stage.upload(mine.handOver(), from: emmas)
        try deleteFirstLine(of: mine)
        _ = stage.hear(emmas)
        var theirs = imported(["regretted", "new"], by: "omid", seed: 60)
        try stage.upload(theirs.handOver(), from: omids)
        #expect(texts(of: theirs) == [nil, "new"])
        let sent = stage.hear(emmas).flatMap { frame -> [Op] in
            guard case .batch(let batch) = frame else { return [] }
            return (try? SealedSegment(bytes: batch.segment).segment.ops) ?? []
        }
        #expect(sent.count == 4)
        #expect(sent.filter { $0.body == nil }.map(\.id.dot) == [theirs.dot(3)])
    }

    @Test mutating func `M23: among thousands of lines of one moment the copy is found`() throws {
        let lines = (0..<2500).map { "line \($0)" }
        var mine = imported(["line 1700"], by: "emma", seed: 50)
        var theirs = imported(lines, by: "omid", seed: 60)
        try stage.upload(mine.handOver(), from: emmas)
        try stage.upload(theirs.handOver(), from: omids)
        try deleteFirstLine(of: mine)
        let left = texts(of: theirs)
        #expect(left.count { $0 == nil } == 1)
        #expect(left[1700] == nil)
    }
}
