import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaRelay
import FikaSimulation
import FikaTestSupport
import Testing

/// A message that was said again under another name goes with all that stands for it (E1, M24).
@Suite struct ErasedCopyTests {
    private var stage: RelayStage
    private var emma: TestReplica
    private let emmas: ConnectionID
    /// Said by a replica that the relay never took anything of.
    private let lost: Op

    init() throws {
        stage = try RelayStage(settings: RelaySettings(cachedLogs: 1))
        emma = TestReplica.founder()
        emmas = try stage.join("emma")
        var refused = TestReplica(seed: 30, log: emma.log, user: "emma")
        lost = refused.write("regretted")
        try stage.upload(emma.handOver(), from: emmas)
    }

    private mutating func sayAgain(_ text: String, seed: UInt64) throws -> TestReplica {
        var copy = TestReplica(seed: seed, log: emma.log, user: "emma")
        let said = Op(
            kind: lost.kind, id: lost.id, time: lost.time,
            content: .body(MessageBody(text: text).body, salt: Salt(raw: 9)))
        copy.write(
            lost.kind, body: MessageBody(text: text).body, salt: Salt(raw: 9),
            origin: Origin(dot: lost.id.dot, bodyHash: said.bodyHash))
        try stage.upload(copy.handOver(), from: emmas)
        return copy
    }

    private func isErased(_ replica: TestReplica) -> Bool? {
        stage.core.storage.ops(of: replica.id, in: emma.log, seqs: 2...2).first.map {
            $0.body == nil
        }
    }

    /// Whoever still has its bytes sees no row there; erased, it would pass for a deleted one.
    @Test mutating func `E1: what says nothing is not erased, for no delete of it counts`() throws {
        let malformed = emma.write(
            lost.kind, body: [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], salt: Salt(raw: 3))
        let said = emma.write("regretted, too")
        for op in [malformed, said] { emma.delete(op) }
        try stage.upload(emma.handOver(), from: emmas)
        let erased = [malformed, said].map { op in
            stage.core.storage.ops(
                of: emma.id, in: emma.log, seqs: op.id.dot.seq...op.id.dot.seq
            ).first?.body == nil
        }
        #expect(erased == [false, true])
    }

    @Test mutating func `E1: a delete of the first name erases the copies`() throws {
        let first = try sayAgain("regretted", seed: 40)
        let second = try sayAgain("regretted", seed: 41)
        let other = try sayAgain("something else", seed: 42)
        #expect([first, second, other].map(isErased) == [false, false, false])
        emma.delete(lost)
        try stage.upload(emma.handOver(), from: emmas)
        #expect([first, second, other].map(isErased) == [true, true, false])
    }

    @Test mutating func `E1: a delete of a copy erases what stands with it, and edits of it`()
        throws
    {
        let first = try sayAgain("regretted", seed: 40)
        let other = try sayAgain("something else", seed: 42)
        let edit = emma.write(
            ChatKind.edit.kind, body: MessageBody(text: "again").body, salt: Salt(raw: 3),
            target: lost.id.dot)
        emma.delete(first.ops[1])
        try stage.upload(emma.handOver(), from: emmas)
        #expect([first, other].map(isErased) == [true, false])
        let edits = stage.core.storage.ops(
            of: emma.id, in: emma.log, seqs: edit.id.dot.seq...edit.id.dot.seq)
        #expect(edits.map { $0.body == nil } == [true])
        let late = try sayAgain("regretted", seed: 43)
        #expect(isErased(late) == true, "one that comes later")
    }

    @Test mutating func `E1: a delete of a copy that says something else erases it alone`() throws {
        let first = try sayAgain("kept", seed: 40)
        let other = try sayAgain("regretted", seed: 42)
        emma.delete(other.ops[1])
        try stage.upload(emma.handOver(), from: emmas)
        #expect([first, other].map(isErased) == [false, true])
    }
}
