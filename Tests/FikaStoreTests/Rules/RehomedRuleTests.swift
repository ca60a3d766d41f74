import FikaCRDT
import FikaChat
import FikaLog
import FikaStore
import FikaTestSupport
import Testing

/// Rule M24 on a store and its clone.
@Suite struct RehomedRuleTests {
    private let stage: TwoStores
    private let original: OpID
    private let clone: TestStore
    /// The id of the op that stands for the original one.
    private let copy: Dot

    private var emma: TestStore { stage.emma }
    private var bo: TestStore { stage.bo }
    private var room: LogID { stage.room }

    init() throws {
        stage = try TwoStores()
        original = try stage.emma.say("Bullar?", in: stage.room)
        clone = try stage.emma.copied(seed: 9)
        let origin = original.dot
        copy = try #require(
            try clone.ops(of: stage.room).first { $0.origin?.dot == origin }
        ).id.dot
    }

    @Test func `M24: a copy is shown under the id of what it stands for, which its id resolves to`()
        throws
    {
        try bo.take(clone.exported([room]))
        let row = try #require(try stage.row(original.dot, in: bo))
        #expect(row.id == original.dot)
        #expect(row.stamp.replica == copy.replica)
        #expect(try stage.row(copy, in: bo) == row)
        #expect(try stage.shown(in: bo).texts == ["Bullar?"])
        try stage.write(.reaction, at: copy, Reaction("👍", isOn: true).body, by: bo)
        let reactions = try stage.row(original.dot, in: bo)?.reactions
        #expect(reactions?.map(\.users) == [[try TestStore.user("bo")]])
        let answer = try bo.say("Ja!", in: room, replyTo: copy)
        #expect(
            try stage.row(answer.dot, in: bo)?.content
                == .message(text: "Ja!", mentions: [], reply: original.dot))
    }

    @Test func `M24: a mark that names the copy reads the row`() throws {
        try bo.take(clone.exported([room]))
        #expect(try stage.shown(in: bo).unread == [original.dot])
        let personal = try bo.store.write { writer, db in
            try writer.prepare(bo.store.profile.personalLog, db)
        }
        let marks = [ReplicaMarks(replica: copy.replica, seqs: IntervalSet([copy.seq...copy.seq]))]
        try bo.write(
            [OpDraft(.readMark, body: ReadMarkBody(log: room, marks: marks).body)],
            to: personal)
        #expect(try stage.shown(in: bo).unread == [])
    }

    @Test(arguments: [false, true])
    func `M24: a copy is dropped where the original is held with the same body`(isFirst: Bool)
        throws
    {
        let handed = [try emma.exported([room]), try clone.exported([room])]
        for segments in isFirst ? handed : handed.reversed() { try bo.take(segments) }
        #expect(try stage.shown(in: bo).texts == ["Bullar?"])
        let row = try #require(try stage.row(original.dot, in: bo))
        #expect(row.id == original.dot)
        #expect(row.stamp.replica == original.dot.replica)
        #expect(try stage.row(copy, in: bo) == row)
    }

    @Test(arguments: [false, true])
    func `M24: what is aimed at a copy counts, whenever the original comes`(isFirst: Bool) throws {
        try stage.write(.reaction, at: copy, Reaction("👍", isOn: true).body, by: clone)
        let handed = [try emma.exported([room]), try clone.exported([room])]
        for segments in isFirst ? handed : handed.reversed() { try bo.take(segments) }
        let reactions = try stage.row(original.dot, in: bo)?.reactions
        #expect(reactions?.map(\.users) == [[try TestStore.user("emma")]])
        #expect(try stage.outcomes(in: bo) == [:])
    }

    @Test(arguments: [false, true])
    func `M24: a copy with another body is a row of its own`(isFirst: Bool) throws {
        try stage.edit(original, "Semlor?", by: emma)
        let handed = [try emma.exported([room]), try clone.exported([room])]
        for segments in isFirst ? handed : handed.reversed() { try bo.take(segments) }
        let none: [UserID] = []
        #expect(
            try stage.row(original.dot, in: bo)?.content
                == .message(text: "Semlor?", mentions: none, reply: nil))
        #expect(try stage.row(copy, in: bo)?.id == copy)
        #expect(
            try stage.row(copy, in: bo)?.content
                == .message(text: "Bullar?", mentions: none, reply: nil))
    }

    @Test(arguments: [false, true])
    func `M24: a copy stands for what is accepted where it does not count`(isFirst: Bool) throws {
        try stage.write(.leave, by: clone)
        for seq in 1..<original.dot.seq {
            stage.relay.accept(OpID(log: room, replica: original.dot.replica, seq: seq))
        }
        for seq in 1...copy.seq + 1 {
            stage.relay.accept(OpID(log: room, replica: copy.replica, seq: seq))
        }
        // Emma is in no more, and another relay had given it a position before.
        stage.relay.accept(original)
        let handed = [try emma.exported([room]), try clone.exported([room])]
        for segments in isFirst ? handed : handed.reversed() {
            try bo.take(segments)
            try stage.relay.tell(room, to: bo)
        }
        let row = try #require(try stage.row(original.dot, in: bo))
        #expect(row.stamp.replica == copy.replica)
        #expect(try stage.shown(in: bo).texts == ["Bullar?"])
    }

    @Test func `M24: nobody else's op stands for it`() throws {
        try emma.store.seal([room])
        let hash = try emma.store.read { try LogInspector($0).op(original)?.op.bodyHash }
        let origin = Origin(dot: original.dot, bodyHash: try #require(hash))
        var otherUser = stage.bareDevice(of: "bo", seed: 50)
        otherUser.say("Bos ord", at: stage.nextTime(), origin: origin)
        var otherKey = stage.bareDevice(of: "emma", seed: 51)
        otherKey.say("Annan nyckel", at: stage.nextTime(), origin: origin)
        for device in [otherUser, otherKey] { try emma.take(device.handed) }
        #expect(try stage.shown(in: emma).texts == ["Bullar?"])
        #expect(try stage.outcomes(in: emma) == [.ignored: 2])
    }
}
