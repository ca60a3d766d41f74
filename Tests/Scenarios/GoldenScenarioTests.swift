import FikaCRDT
import FikaChat
import FikaLog
import FikaStore
import FikaTestSupport
import Testing

/// A partition, then everybody exchanges everything: what three real stores show.
@Suite struct GoldenScenarioTests {
    private let stage: Stage
    private var emma: TestStore { stage.emma }
    private var bo: TestStore { stage.bo }
    private var omid: TestStore { stage.omid }
    private var room: LogID { stage.room }

    init() throws {
        stage = try Stage()
    }

    /// Emma's second device.
    private func laptop() throws -> TestStore {
        let laptop = try TestStore(user: "emma", seed: 11, clock: stage.clock)
        try laptop.take(emma.exported([room]))
        try stage.relay.tell(room, to: laptop)
        return laptop
    }

    @Test func `G1: two devices of Emma's tap the same emoji, which counts once`() throws {
        let row = try bo.say("Bullar", in: room)
        try stage.meet()
        let laptop = try laptop()
        try emma.react("👍", to: row)
        try laptop.react("👍", to: row)
        try emma.exchange(with: laptop, room)
        try stage.meet()
        let shown = try #require(try stage.seen().rows.last)
        #expect(shown.reactions.map(\.emoji) == ["👍"])
        #expect(shown.reactions.map(\.users.count) == [1])
        #expect(try Shown(room, in: laptop).state == stage.seen())
    }

    @Test func `G2: a reaction taken back and set again offline is there`() throws {
        let row = try bo.say("Bullar", in: room)
        try stage.meet()
        try emma.react("👍", to: row)
        try stage.meet()
        try emma.react("👍", on: false, to: row)
        try emma.react("👍", to: row)
        try stage.meet()
        #expect(try stage.seen().rows.last?.reactions.map(\.users.count) == [1])
    }

    @Test func `G3: what is sent and deleted offline never leaves the device`() throws {
        let row = try emma.say("hemlig kvittermarkör", in: room)
        try emma.edit(row, "hemligare kvittermarkör")
        try emma.delete(row)
        for bytes in try emma.exported([room]) {
            let ops = try SealedSegment(bytes: bytes).segment.ops
            let texts = ops.map { String(decoding: $0.body ?? [], as: UTF8.self) }
            #expect(texts.allSatisfy { !$0.contains("kvitter") })
            #expect(ops.allSatisfy { $0.kind != ChatKind.delete.kind })
        }
        try stage.meet()
        #expect(try stage.seen().texts == [])
    }

    @Test func `G4: an edit while the message is under way and one after it: the last text`() throws
    {
        let row = try emma.say("Kanelbular", in: room)
        try emma.edit(row, "Kanelbullar")
        let underWay = try emma.exported([room])
        try emma.edit(row, "Kanelbullar!")
        try bo.take(underWay)
        #expect(try Shown(room, in: bo).texts == ["Kanelbullar"])
        try stage.meet()
        let state = try stage.seen()
        #expect(state.texts == ["Kanelbullar!"])
        #expect(state.rows.last?.id == row.dot)
    }

    @Test func `G5: three people pin three messages`() throws {
        let rows = try ["Ett", "Två", "Tre"].map { try bo.say($0, in: room) }
        try stage.meet()
        for (store, row) in zip([emma, bo, omid], rows) { try store.pin(row) }
        try stage.meet()
        let pinned = try stage.seen().rows.filter { $0.pin != nil }.map(\.id)
        #expect(pinned == rows.map(\.dot))
    }

    @Test func `G6: what was written offline sorts where it was said, is unread and late`() throws {
        let late = try bo.say("Sent", in: room)
        stage.clock.advance(byMilliseconds: 20 * 60_000)
        let live = try omid.say("Halv tio", in: room)
        try emma.exchange(with: omid, room)
        try emma.read([live], of: room)
        #expect(try Shown(room, in: emma).unread == [])
        stage.clock.advance(byMilliseconds: 30 * 60_000)
        try stage.meet()
        let shown = try Shown(room, in: emma)
        #expect(shown.texts == ["Sent", "Halv tio"])
        #expect(shown.unread == [late.dot])
        #expect(shown.lateAbove == [late.dot])
        stage.clock.advance(byMilliseconds: 5 * 60_000)
        let next = try bo.say("Nu är jag här", in: room)
        try stage.meet()
        try emma.read([next], of: room)
        let after = try Shown(room, in: emma)
        #expect(after.unread == [late.dot])
        #expect(after.lateAbove == [late.dot])
    }

    @Test func `G7: answers sort after their questions, whatever the clocks say`() throws {
        let now = stage.clock.now
        stage.clock.set(milliseconds: now - 2 * 86_400_000)
        let question = try emma.say("Vem tar med bullar?", in: room)
        stage.clock.set(milliseconds: now + 60_000)
        try stage.meet()
        stage.clock.set(milliseconds: now - 86_400_000)
        let answer = try bo.say("Jag!", in: room, replyTo: question.dot)
        stage.clock.set(milliseconds: now + 120_000)
        try stage.meet()
        let rows = try stage.seen().rows.suffix(2).map(\.id)
        #expect(rows == [question.dot, answer.dot])
    }

    @Test func `G8: two devices vote in a single poll, then it is made multiple`() throws {
        let poll = try omid.ask("Vilken?", ["A", "B"], .anyoneEdits, in: room)
        try stage.meet()
        let laptop = try laptop()
        try emma.vote(.own(1), on: poll)
        try laptop.vote(.own(2), on: poll)
        try emma.exchange(with: laptop, room)
        try stage.meet()
        #expect(try stage.seen().pollLines == ["A: 0", "B: 1"])
        let change = PollSettingChange(basis: .poll, setting: .allowsMultiple, isOn: true)
        try bo.write([OpDraft(.pollSetting, target: poll.dot, body: change.body)], to: room)
        try stage.meet()
        #expect(try stage.seen().pollLines == ["A: 1", "B: 1"])
    }

    @Test func `G9: two people add the same option and vote for their own: one line`() throws {
        let poll = try omid.ask("Lunch?", ["Soppa"], .anyoneAdds, in: room)
        try stage.meet()
        for (store, text) in [(emma, "Pizza"), (bo, " pizza")] {
            let addition = OptionAddition(basis: .poll, text: text)
            let ids = try store.write(
                [OpDraft(.optionAdd, target: poll.dot, body: addition.body)], to: room)
            try store.vote(.added(try #require(ids[0]).dot), on: poll)
        }
        try stage.meet()
        #expect(try stage.seen().pollLines == ["Soppa: 0", "Pizza: 2"])
    }

    @Test func `G10: both start the private chat offline: one chat, both texts`() throws {
        let users = [try TestStore.user("bo"), try TestStore.user("emma")]
        let preimage = LogPreimage(
            workspace: TestStore.workspace, kind: .privateChat, users: users)
        var logs: Set<LogID> = []
        for (store, text) in [(emma, "Hej Bo"), (bo, "Hej Emma")] {
            let log = try store.store.write { writer, db in try writer.prepare(preimage, db) }
            try store.say(text, in: log)
            logs.insert(log)
        }
        let chat = try #require(logs.first)
        #expect(logs.count == 1)
        try emma.exchange(with: bo, chat)
        let states = try [emma, bo].map { try Shown(chat, in: $0).state }
        #expect(states[0] == states[1])
        #expect(states[0].texts == ["Hej Bo", "Hej Emma"])
        #expect(states[0].kind == .privateChat)
        // Nobody else is handed it.
        let report = try omid.take(emma.exported([chat]))
        #expect(report.skippedLogs == [chat])
        #expect(try Shown(chat, in: omid).state.rows == [])
    }

    @Test func `G12: two devices read two rooms: both are read, and the badge never rises`() throws
    {
        let other = try emma.makeRoom("Lunch")
        try emma.grant("bo", in: other)
        try bo.take(emma.exported([other]))
        let first = try bo.say("I rum A", in: room)
        let second = try bo.say("I rum B", in: other)
        try stage.meet()
        try emma.exchange(with: bo, other)
        let laptop = try laptop()
        try laptop.take(emma.exported([other]))
        try emma.read([first], of: room)
        try laptop.read([second], of: other)
        let marks = try emma.personalLog()
        func badge(_ store: TestStore) throws -> Int {
            try [room, other].reduce(0) { try $0 + Shown($1, in: store).unread.count }
        }
        #expect(try [badge(emma), badge(laptop)] == [1, 1])
        try laptop.take(emma.exported([marks]))
        #expect(try [badge(emma), badge(laptop)] == [1, 0])
        try emma.take(laptop.exported([marks]))
        #expect(try [badge(emma), badge(laptop)] == [0, 0])
    }

    @Test func `G13: what Bo wrote after he was removed counts nowhere, and stays with him`() throws
    {
        let kept = try bo.say("Kvar", in: room)
        try stage.meet()
        let grants = try omid.ops(of: room).filter { $0.kind == ChatKind.grant.kind }
        try omid.write([OpDraft(.revoke, target: grants[0].id.dot)], to: room)
        try emma.exchange(with: omid, room)
        let after = try bo.say("Hör ni mig?", in: room)
        for store in [emma, omid] {
            try store.take(bo.exported([room]))
            #expect(try Shown(room, in: store).texts == ["Kvar"])
        }
        #expect(try Shown(room, in: emma).state == Shown(room, in: omid).state)
        // He has not heard of it; his text is there, in his log, to the end.
        #expect(try Shown(room, in: bo).texts == ["Kvar", "Hör ni mig?"])
        let op = try bo.store.read { try LogInspector($0).op(after)?.op }
        #expect(op?.body == MessageBody(text: "Hör ni mig?").body)
        #expect(try Shown(room, in: omid).state.rows.contains { $0.id == kept.dot })
    }

    @Test func `G19: a send that a crash cut off at any moment is there exactly once`() throws {
        for sealsFirst in [false, true] {
            let row = try emma.say("Hej \(sealsFirst)", in: room)
            if sealsFirst { try emma.store.seal([room]) }
            // Another process takes over what a killed one left.
            try emma.reopen()
            try stage.meet()
            // And the same bytes come again.
            try bo.take(emma.exported([room]))
            try emma.take(bo.exported([room]))
            let rows = try stage.seen().rows.filter { $0.id == row.dot }
            #expect(rows.count == 1)
        }
        #expect(try stage.seen().texts == ["Hej false", "Hej true"])
    }
}
