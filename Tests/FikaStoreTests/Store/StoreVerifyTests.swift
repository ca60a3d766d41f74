import FikaChat
import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import GRDB
import Testing

@Suite struct StoreVerifyTests {
    private func conversation() throws -> (test: TestStore, room: LogID) {
        let test = try TestStore(user: "emma", seed: 1)
        let room = try test.makeRoom("Fredagsfika")
        let question = try test.say("Bullar?", in: room)
        try test.say("Ja!", in: room, replyTo: question.dot)
        let thumb = Reaction("👍", isOn: true).body
        try test.write([OpDraft(.reaction, target: question.dot, body: thumb)], to: room)
        try test.store.seal([room])
        try test.write([OpDraft(.pin, target: question.dot)], to: room)
        return (test, room)
    }

    @Test func `a good store has no problems, and its views are what a rebuild gives`() throws {
        let (test, _) = try conversation()
        let report = try test.store.verify()
        #expect(report.problems == [])
        #expect(report.ops == 5)
        #expect(report.unsealed == 1)
        #expect(report.seals == 2)
    }

    @Test func `O3: a message that is taken back with all that was aimed at it leaves no row`()
        throws
    {
        let test = try TestStore(user: "emma", seed: 1)
        let room = try test.makeRoom("Fredagsfika")
        let id = try test.say("Hej!", in: room)
        let thumb = Reaction("👍", isOn: true).body
        try test.write([OpDraft(.reaction, target: id.dot, body: thumb)], to: room)
        try test.write([OpDraft(.pin, target: id.dot)], to: room)
        try test.say("kvar", in: room)
        try test.write([OpDraft(.delete, target: id.dot)], to: room)
        let rows = try test.store.read { try ViewQueries($0).page(of: room, .newest, limit: 9) }
        #expect(rows.count == 2)
        #expect(try test.store.verify().problems == [])
    }

    @Test func `O3: a pin that is taken back leaves no trace on its row`() throws {
        let test = try TestStore(user: "emma", seed: 1)
        let room = try test.makeRoom("Fredagsfika")
        let id = try test.say("Hej!", in: room)
        let pins = try test.write([OpDraft(.pin, target: id.dot)], to: room)
        let unpin = Unpin(pins: pins.compactMap { $0?.dot }).body
        try test.write([OpDraft(.unpin, target: id.dot, body: unpin)], to: room)
        #expect(try test.store.verify().problems == [])
        // Another pin stays one.
        try test.write([OpDraft(.pin, target: id.dot)], to: room)
        try test.store.seal([room])
        let again = try test.write([OpDraft(.pin, target: id.dot)], to: room)
        let other = Unpin(pins: again.compactMap { $0?.dot }).body
        try test.write([OpDraft(.unpin, target: id.dot, body: other)], to: room)
        #expect(try test.store.verify().problems == [])
        let row = try test.store.read { try ViewQueries($0).page(of: room, .newest, limit: 1) }
        #expect(row.first?.row.pin != nil)
    }

    @Test func `O3: what a delete takes the place of leaves nothing of itself in the views`() throws
    {
        let test = try TestStore(user: "emma", seed: 1)
        let room = try test.makeRoom("Fredagsfika")
        let id = try test.say("Hej!", in: room)
        let thumb = Reaction("👍", isOn: true).body
        try test.write([OpDraft(.reaction, target: id.dot, body: thumb)], to: room)
        try test.store.seal([room])
        let noThumb = Reaction("👍", isOn: false).body
        try test.write(
            [
                OpDraft(.reaction, target: id.dot, body: noThumb),
                OpDraft(.reaction, target: id.dot, body: Reaction("😄", isOn: true).body),
                OpDraft(.edit, target: id.dot, body: MessageBody(text: "Hallå!").body),
                OpDraft(.delete, target: id.dot),
            ], to: room)
        #expect(try test.store.verify().problems == [])
    }

    @Test func `O3: an edit that a newer one takes the place of leaves nothing in the views`()
        throws
    {
        let test = try TestStore(user: "emma", seed: 1)
        let room = try test.makeRoom("Fredagsfika")
        let id = try test.say("Hej!", in: room)
        try test.store.seal([room])
        for text in ["Hallå!", "Hej hej!"] {
            let edit = OpDraft(.edit, target: id.dot, body: MessageBody(text: text).body)
            try test.write([edit], to: room)
        }
        #expect(try test.store.verify().problems == [])
    }

    @Test func `a view that was changed from outside is named`() throws {
        let (test, _) = try conversation()
        try test.store.write { _, db in
            try db.execute(sql: "UPDATE row SET text = 'Semlor?' WHERE text = 'Bullar?'")
        }
        let report = try test.store.verify()
        #expect(report.problems.count == 1)
        #expect(report.problems.first?.what.contains("the view row is not what the log") == true)
    }
}
