import FikaChat
import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import Foundation
import GRDB
import Testing

/// Deleted means gone: rules E1, E2 and O6 on real stores.
@Suite struct ErasingTests {
    private let emma: TestStore
    private let bo: TestStore
    private let relay = TestRelay()
    private let room: LogID

    init() throws {
        let stage = try TwoStores()
        (emma, bo, room) = (stage.emma, stage.bo, stage.room)
    }

    /// Everybody has everything, and the relay has accepted it.
    private func meet() throws {
        try emma.exchange(with: bo, room)
        try relay.accept(room, of: emma)
        for store in [emma, bo] { try relay.tell(room, to: store) }
    }

    /// Takes all texts into the index for search.
    private func index(_ test: TestStore) throws {
        try test.store.write { writer, db in
            while try writer.views.indexSearch(limit: 1000, db) {}
        }
    }

    private func edit(_ id: OpID, _ text: String, by test: TestStore) throws {
        let body = MessageBody(text: text).body
        try test.write([OpDraft(.edit, target: id.dot, body: body)], to: room)
    }

    private func delete(_ id: OpID, by test: TestStore) throws {
        try test.write([OpDraft(.delete, target: id.dot)], to: room)
    }

    /// Which of the words stand in a file of the store, in whatever case.
    private func traces(of words: [String], in test: TestStore) throws -> [String] {
        var found: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: test.folder.path("store"))
        where name != "socket" {
            let data = Data(try test.folder.bytes(of: "store/" + name))
            for word in words {
                // An index may keep a word without the letters that it shares with the one before.
                let tail = Data(word.utf8.suffix(8))
                if data.range(of: tail) != nil { found.append("\(word) in \(name)") }
            }
        }
        return found.sorted()
    }

    private func bodies(_ test: TestStore, _ log: LogID) throws -> [String] {
        var texts: [String] = []
        try test.store.read { db in
            try LogInspector(db).forEachOp(of: log) { op in
                texts.append(String(decoding: op.op.body ?? [], as: UTF8.self))
                return true
            }
        }
        return texts
    }

    private func expectGood(_ test: TestStore) throws {
        let report = try test.store.verify()
        #expect(report.isGood, "\(report.problems)")
        #expect(report.erasuresPending == 0)
    }

    @Test func `E1 E2: an accepted delete leaves no byte of the text in any file, and a good log`()
        throws
    {
        let words = ["qxkvittrad", "wzgiraffen", "ybskrivare", "xqzebrafink"]
        let post = try bo.say("Bort \(words[0]) \(words[0])", in: room)
        try bo.say("Kvar hasselnöt", in: room)
        try bo.store.seal([room])
        try edit(post, "Bort igen \(words[1])", by: bo)
        try meet()
        let reply = try emma.say("Svar mandelmassa", in: room, replyTo: post.dot)
        try edit(post, "Tredje \(words[3])", by: bo)
        try meet()
        for store in [emma, bo] {
            try index(store)
            #expect(!(try traces(of: words, in: store)).isEmpty)
        }
        try delete(post, by: emma)
        try meet()
        for store in [emma, bo] {
            #expect(try traces(of: words, in: store) == [])
            let shown = try Shown(room, in: store)
            #expect(shown.texts == [nil, "Kvar hasselnöt", "Svar mandelmassa"])
            #expect(shown.state.rows.last?.id == reply.dot)
            let erased = try bodies(store, room).filter { text in
                words.contains { text.contains($0) }
            }
            #expect(erased == [])
            try expectGood(store)
            let hits = try store.store.read { db in
                try (words + ["hasselnöt"]).map {
                    try ViewQueries(db).search($0, limit: 10).hits.count
                }
            }
            #expect(hits == [0, 0, 0, 0, 1])
        }
    }

    @Test func `E1: a delete that is not accepted yet hides, and destroys nothing`() throws {
        let post = try bo.say("Bort qxkvittrad", in: room)
        try meet()
        try delete(post, by: emma)
        try emma.exchange(with: bo, room)
        #expect(try Shown(room, in: bo).texts == [nil])
        #expect(try bodies(bo, room).contains { $0.contains("qxkvittrad") })
        #expect(try bo.store.verify().erasuresPending == 0)
    }

    @Test func `E1: what is aimed at a deleted message is erased when it comes later`() throws {
        let post = try bo.say("Bort qxkvittrad", in: room)
        try meet()
        try delete(post, by: emma)
        try emma.store.seal([room])
        try relay.accept(room, of: emma)
        try relay.tell(room, to: emma)
        // Bo's phone has not heard of it.
        try edit(post, "Senare wzgiraffen", by: bo)
        try emma.take(bo.exported([room]))
        #expect(try traces(of: ["wzgiraffen"], in: emma) == [])
        #expect(try bodies(emma, room).allSatisfy { !$0.contains("wzgiraffen") })
        #expect(try Shown(room, in: emma).texts == [nil])
        try expectGood(emma)
        try meet()
        #expect(try traces(of: ["wzgiraffen", "qxkvittrad"], in: bo) == [])
        try expectGood(bo)
    }

    @Test func `E1: what is aimed at a copy goes when the copy comes erased`() throws {
        let base = try bo.exported([room])
        try emma.say("Bort qxkvittrad", in: room)
        let clone = try emma.copied(seed: 9)
        let phone = try TestStore(user: "emma", seed: 31, clock: emma.clock)
        try phone.take(base)
        try phone.take(clone.exported([room]))
        let copy = try #require(try phone.ops(of: room).first { $0.origin != nil }).id
        try edit(copy, "Senare wzgiraffen", by: phone)
        try phone.store.seal([room])
        let edits = try #require(try phone.ops(of: room).first { $0.kind == ChatKind.edit.kind }).id
        let late = try phone.store.read { db in
            try SyncQueries(db).segments(
                of: room, ranges: [(edits.dot.replica, 1...edits.dot.seq)], withCards: true)
        }
        try delete(copy, by: clone)
        try clone.store.seal([room])
        try relay.accept(room, of: clone)
        try relay.tell(room, to: clone)
        let fresh = try TestStore(user: "bo", seed: 30, clock: emma.clock)
        try fresh.take(base)
        try fresh.take(late.map(\.bytes))
        try fresh.take(clone.exported([room]))
        #expect(try bodies(fresh, room).allSatisfy { !$0.contains("wzgiraffen") })
        #expect(try traces(of: ["wzgiraffen"], in: fresh) == [])
        try expectGood(fresh)
    }

    @Test func `ST19: a message that is deleted before it was handed over leaves no byte`() throws {
        let post = try bo.say("Bort qxkvittrad", in: room)
        try index(bo)
        #expect(!(try traces(of: ["qxkvittrad"], in: bo)).isEmpty)
        try delete(post, by: bo)
        #expect(try traces(of: ["qxkvittrad"], in: bo) == [])
        try meet()
        for store in [emma, bo] {
            #expect(try bodies(store, room).allSatisfy { !$0.contains("qxkvittrad") })
            try expectGood(store)
        }
    }

    @Test func `E1: an own edit that was never handed over is emptied`() throws {
        let post = try bo.say("Bort qxkvittrad", in: room)
        try meet()
        try delete(post, by: emma)
        try emma.store.seal([room])
        let segments = try emma.exported([room])
        try relay.accept(room, of: emma)
        try edit(post, "Hemligt wzgiraffen", by: bo)
        try bo.take(segments)
        try relay.tell(room, to: bo)
        #expect(try bodies(bo, room).allSatisfy { !$0.contains("wzgiraffen") })
        #expect(try traces(of: ["wzgiraffen", "qxkvittrad"], in: bo) == [])
        try bo.say("Kvar", in: room)
        try meet()
        for store in [emma, bo] {
            #expect(try Shown(room, in: store).texts == [nil, "Kvar"])
            try expectGood(store)
        }
    }

    @Test func `G14: who is added later gets the whole log and no byte of what was removed`() throws
    {
        let post = try bo.say("Bort qxkvittrad", in: room)
        try bo.say("Kvar", in: room)
        try meet()
        try delete(post, by: emma)
        try meet()
        try emma.grant("eva", in: room)
        try meet()
        let eva = try TestStore(user: "eva", seed: 3, clock: emma.clock)
        let segments = try bo.exported([room])
        try eva.take(segments)
        #expect(segments.allSatisfy { !$0.containsRun(Array("kvittrad".utf8)) })
        #expect(try Shown(room, in: eva).texts == [nil, "Kvar"])
        try relay.tell(room, to: eva)
        #expect(try Shown(room, in: eva).state == Shown(room, in: emma).state)
        try expectGood(eva)
        #expect(try traces(of: ["qxkvittrad"], in: eva) == [])
    }

    @Test func `O6: of an erased import only the residue stays, which keeps later copies out`()
        throws
    {
        let words = ["qxkvittrad", "wzgiraffen"]
        let lines = [
            ImportedMessage(type: .message, author: words[1], text: "Bort \(words[0])"),
            ImportedMessage(type: .message, author: "lotta", text: "Kvar"),
        ].enumerated().map {
            StoreWriter.ImportItem(milliseconds: 1_600_000_000_000 + UInt64($0), message: $1)
        }
        let run = ImportRun(source: "irc", channel: "#fika")
        func importLines(_ test: TestStore) throws -> Int {
            try test.store.write { writer, db in
                try writer.importItems(lines, run: run, into: room, db, progress: { _ in })
            }
        }
        #expect(try importLines(bo) == 2)
        try meet()
        let row = try #require(try Shown(room, in: bo).state.rows.first)
        try delete(OpID(log: room, dot: row.id), by: emma)
        for store in [emma, bo] { try index(store) }
        try meet()
        for store in [emma, bo] {
            let texts = try Shown(room, in: store).texts
            #expect(texts == [nil, "Kvar"])
            let found = try traces(of: words, in: store)
            #expect(found == [])
            try expectGood(store)
        }
        #expect(try importLines(emma) == 0, "importing again adds nothing")
        // Omid imports the same on his own; he has heard nothing of the others' imports.
        try emma.grant("omid", in: room)
        let omid = try TestStore(user: "omid", seed: 4, clock: emma.clock)
        let invitation = try emma.exported([room]).filter { bytes in
            try SealedSegment(bytes: bytes).segment.rows.allSatisfy {
                $0.kind != ChatKind.imported.kind
            }
        }
        try omid.take(invitation)
        #expect(try importLines(omid) == 2)
        try emma.take(omid.exported([room]))
        #expect(try Shown(room, in: emma).texts == [nil, "Kvar"])
        #expect(try bodies(emma, room).allSatisfy { !$0.contains(words[0]) })
        #expect(try traces(of: words, in: emma) == [])
        try expectGood(emma)
    }

    @Test func `a poll that is deleted leaves nothing of its question, options and additions`()
        throws
    {
        let words = ["qxkvittrad", "wzgiraffen", "ybskrivare", "zdnallebjorn"]
        let poll = PollCreation(
            settings: .anyoneAdds, question: words[0], options: [words[1], "Kvar"])
        let ids = try emma.write([OpDraft(.poll, body: poll.body)], to: room)
        let id = try #require(ids.first ?? nil)
        try meet()
        let addition = OptionAddition(basis: .poll, text: words[2])
        try bo.write([OpDraft(.optionAdd, target: id.dot, body: addition.body)], to: room)
        // It is refused by settings that go with the poll's body.
        let refused = PollSettingChange(basis: .poll, setting: .anyoneEdits, isOn: true)
        try bo.write([OpDraft(.pollSetting, target: id.dot, body: refused.body)], to: room)
        let question = PollQuestion(basis: .creator, text: words[3])
        try emma.write([OpDraft(.pollQuestion, target: id.dot, body: question.body)], to: room)
        try meet()
        for store in [emma, bo] { try index(store) }
        try delete(id, by: emma)
        try meet()
        for store in [emma, bo] {
            #expect(try Shown(room, in: store).texts == [nil])
            #expect(try traces(of: words, in: store) == [])
            try expectGood(store)
        }
    }

    @Test func `E2: a scrub that a crash cut off is made good when the store is opened`() throws {
        let post = try bo.say("Bort qxkvittrad", in: room)
        try bo.store.seal([room])
        try meet()
        try index(emma)
        try delete(post, by: emma)
        try emma.store.seal([room])
        try relay.accept(room, of: emma)
        try emma.store.pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA busy_timeout = 0")
        }
        // While somebody reads, the write-ahead log cannot be cut.
        let reader = try Store.open(
            folder: emma.folder.path("store"), mode: .reading,
            environment: emma.store.environment)
        try reader.read { db in
            _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM row")
            try relay.tell(room, to: emma)
            #expect(!(try traces(of: ["qxkvittrad"], in: emma)).isEmpty)
        }
        try emma.reopen()
        #expect(try traces(of: ["qxkvittrad"], in: emma) == [])
        try expectGood(emma)
    }
}
