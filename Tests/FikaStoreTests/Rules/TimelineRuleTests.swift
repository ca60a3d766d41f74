import FikaCRDT
import FikaChat
import FikaLog
import FikaStore
import FikaTestSupport
import Testing

/// Rules M3, M4, M7, M9 and M10 on real stores.
@Suite struct TimelineRuleTests {
    private let stage: TwoStores
    private var emma: TestStore { stage.emma }
    private var bo: TestStore { stage.bo }
    private var room: LogID { stage.room }

    init() throws {
        stage = try TwoStores()
    }

    @Test func `M3: what does not count changes no view and is counted`() throws {
        let post = try emma.say("Bullar?", in: room)
        let before = try stage.shown(in: emma)
        var member = stage.bareDevice(of: "bo", seed: 50)
        member.write(ChatKind.void.kind, body: [], time: stage.nextTime())
        member.write(Kind(900), body: [1, 2, 3], time: stage.nextTime())
        member.write(
            ChatKind.reaction.kind, body: [7], target: post.dot, time: stage.nextTime())
        var stranger = stage.bareDevice(of: "eva", seed: 51)
        stranger.say("Får jag vara med?", at: stage.nextTime())
        #expect(try emma.take(member.handed).newOps == 4)
        #expect(try emma.take(stranger.handed).newOps == 2)
        #expect(try stage.shown(in: emma).differences(from: before) == [])
        #expect(try stage.outcomes(in: emma) == [.unsupported: 1, .ignored: 2])
    }

    @Test func `M4: rows stand by stamp in whatever order they come, and never move`() throws {
        let first = try bo.say("ett", in: room)
        try emma.say("två", in: room)
        try bo.say("tre", in: room)
        #expect(try stage.shown(in: emma).texts == ["två"])
        try stage.meet()
        let before = try stage.shown(in: emma)
        #expect(before.texts == ["ett", "två", "tre"])
        #expect(before.state.rows == before.state.rows.sorted(by: TimelineRow.precedes))
        try stage.edit(first, "ETT", by: bo)
        try stage.settle()
        for store in [emma, bo] {
            let after = try stage.shown(in: store)
            #expect(after.texts == ["ETT", "två", "tre"])
            #expect(after.state.rows.map(\.id) == before.state.rows.map(\.id))
            #expect(after.state.rows.map(\.stamp) == before.state.rows.map(\.stamp))
        }
    }

    @Test func `M4: each create, grant, revoke, leave, name and about is a row of its own`() throws
    {
        let bo = try TestStore.user("bo")
        let eva = try TestStore.user("eva")
        let grant = Grant(user: eva, role: .member).body
        let granted = try #require(try stage.write(.grant, grant, by: emma))
        for _ in 1...2 { try stage.write(.name, RoomText("Köket").body, by: emma) }
        try stage.write(.about, RoomText("Om bullar").body, by: emma)
        for _ in 1...2 {
            try emma.store.seal([room])
            try stage.write(.revoke, at: granted, by: emma)
        }
        try stage.meet()
        try stage.write(.leave, by: self.bo)
        try stage.meet()
        let events = try stage.shown(in: emma).state.rows.compactMap { row in
            if case .system(let event) = row.content { event } else { nil as SystemEvent? }
        }
        #expect(
            events == [
                .created(name: "Fredagsfika"), .granted(user: bo, role: .member),
                .granted(user: eva, role: .member), .named("Köket"), .named("Köket"),
                .about("Om bullar"), .revoked(user: eva), .revoked(user: eva), .left,
            ])
    }

    @Test func `M7: a reply stays when the answered message is deleted`() throws {
        let question = try emma.say("Bullar?", in: room)
        try stage.settle()
        let answer = try bo.say("Ja!", in: room, replyTo: question.dot)
        try stage.settle()
        try stage.delete(question.dot, by: emma)
        try stage.settle()
        for store in [emma, bo] {
            #expect(try stage.row(question.dot, in: store)?.content == .deleted)
            let reply = try stage.row(answer.dot, in: store)
            #expect(
                reply?.content == .message(text: "Ja!", mentions: [], reply: question.dot))
        }
    }

    @Test func `M7: a reply is shown before the message that it answers`() throws {
        var phone = stage.bareDevice(of: "bo", seed: 50)
        let question = phone.say("Bullar?", at: stage.nextTime())
        let answer = try bo.say("Ja!", in: room, replyTo: question)
        try stage.meet()
        let content = RowContent.message(text: "Ja!", mentions: [], reply: question)
        #expect(try stage.shown(in: emma).texts == ["Ja!"])
        #expect(try stage.row(answer.dot, in: emma)?.content == content)
        #expect(try stage.outcomes(in: emma) == [:])
        try emma.take(phone.handed)
        #expect(try stage.shown(in: emma).texts == ["Bullar?", "Ja!"])
        #expect(try stage.row(answer.dot, in: emma)?.content == content)
    }

    @Test func `M9: a pin ends by an unpin that names it, and by no other`() throws {
        let post = try emma.say("Bullar", in: room).dot
        // Bo's device is introduced, so that the pin has a time of its own.
        try bo.say("hej", in: room)
        try stage.meet()
        let first = try #require(try stage.write(.pin, at: post, by: emma))
        let firstTime = HybridTime(milliseconds: emma.clock.now)
        let second = try #require(try stage.write(.pin, at: post, by: bo))
        let secondTime = HybridTime(milliseconds: emma.clock.now)
        try stage.meet()
        #expect(
            try stage.row(post, in: bo)?.pin
                == PinState(by: TestStore.user("emma"), time: firstTime))
        try stage.write(.unpin, at: post, Unpin(pins: [first]).body, by: emma)
        try stage.meet()
        for store in [emma, bo] {
            #expect(
                try stage.row(post, in: store)?.pin
                    == PinState(by: TestStore.user("bo"), time: secondTime))
        }
        // Emma pins again, unseen by Bo, who ends all that he sees.
        try stage.write(.pin, at: post, by: emma)
        let lastTime = HybridTime(milliseconds: emma.clock.now)
        try stage.write(.unpin, at: post, Unpin(pins: [first, second]).body, by: bo)
        #expect(try stage.row(post, in: bo)?.pin == nil)
        try stage.meet()
        for store in [emma, bo] {
            #expect(
                try stage.row(post, in: store)?.pin
                    == PinState(by: TestStore.user("emma"), time: lastTime))
        }
    }

    @Test func `M9: an unpin that comes first ends its pins, whatever its own target`() throws {
        let post = try emma.say("Bullar", in: room).dot
        let other = try emma.say("Semlor", in: room).dot
        var pinning = stage.bareDevice(of: "bo", seed: 50)
        let pin = pinning.write(
            ChatKind.pin.kind, body: [], target: post, time: stage.nextTime()
        ).id.dot
        var unpinning = stage.bareDevice(of: "bo", seed: 51)
        unpinning.write(
            ChatKind.unpin.kind, body: Unpin(pins: [pin]).body, target: other,
            time: stage.nextTime())
        try emma.take(unpinning.handed)
        try emma.take(pinning.handed)
        #expect(try stage.row(post, in: emma)?.pin == nil)
        try bo.take(emma.exported([room]))
        #expect(try stage.row(post, in: bo)?.pin == nil)
    }

    @Test func `M10: mentions are the users of the latest text`() throws {
        let user = try TestStore.user("bo")
        let post = try emma.say("hej", in: room)
        try stage.meet()
        #expect(try stage.shown(in: bo).unread == [post.dot])
        #expect(try stage.shown(in: bo).mentions == [])
        try stage.edit(post, "@bo hej", mentions: [user], by: emma)
        try stage.meet()
        #expect(try stage.shown(in: bo).mentions == [post.dot])
        try stage.edit(post, "hej alla", by: emma)
        try stage.meet()
        #expect(try stage.shown(in: bo).mentions == [])
        #expect(try stage.shown(in: bo).unread == [post.dot])
    }
}
