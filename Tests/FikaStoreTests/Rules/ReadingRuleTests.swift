import FikaCRDT
import FikaChat
import FikaLog
import FikaStore
import FikaTestSupport
import Testing

/// Rules M19 to M22 on real stores.
@Suite struct ReadingRuleTests {
    private let stage: TwoStores
    private var emma: TestStore { stage.emma }
    private var bo: TestStore { stage.bo }
    private var room: LogID { stage.room }

    init() throws {
        stage = try TwoStores()
    }

    /// Marks ops as read in the user's personal log.
    private func mark(_ dots: [Dot], by test: TestStore) throws {
        let vector = VersionVector(dots)
        let marks = Set(dots.map(\.replica)).sorted().map {
            ReplicaMarks(replica: $0, seqs: vector[$0])
        }
        let personal = try test.store.write { writer, db in
            try writer.prepare(test.store.profile.personalLog, db)
        }
        try test.write(
            [OpDraft(.readMark, body: ReadMarkBody(log: room, marks: marks).body)],
            to: personal)
    }

    private func importLines(_ lines: [(UInt64, String)], by test: TestStore) throws {
        let items = lines.map { time, text in
            StoreWriter.ImportItem(
                milliseconds: time,
                message: ImportedMessage(type: .message, author: "lotta", text: text))
        }
        try test.store.write { writer, db in
            let run = ImportRun(source: "irc", channel: "#fika")
            _ = try writer.importItems(items, run: run, into: room, db, progress: { _ in })
        }
    }

    @Test func `M19: what any of a user's devices has read is read, and stays so`() throws {
        let posts = try (1...4).map { try emma.say("nr \($0)", in: room).dot }
        let phone = try stage.device(of: "bo", seed: 3)
        try bo.take(emma.exported([room]))
        try mark([posts[0], posts[2]], by: bo)
        try mark([posts[1]], by: phone)
        #expect(try stage.shown(in: bo).unread == [posts[1], posts[3]])
        #expect(try stage.shown(in: phone).unread == [posts[0], posts[2], posts[3]])
        try bo.exchange(with: phone, Hashes.derivedLogID(bo.store.profile.personalLog))
        for store in [bo, phone] { #expect(try stage.shown(in: store).unread == [posts[3]]) }
        // A later mark that says less takes nothing back.
        try mark([posts[0]], by: bo)
        #expect(try stage.shown(in: bo).unread == [posts[3]])
        let read = try bo.store.read { try ViewQueries($0).readMarks(of: room) }
        #expect(read[posts[0].replica] == IntervalSet([posts[0].seq...posts[2].seq]))
    }

    @Test func `M20: unread are others' messages and polls, neither imported, deleted nor read`()
        throws
    {
        let message = try emma.say("Bullar?", in: room).dot
        let creation = PollCreation(settings: [], question: "Fika?", options: ["Ja", "Nej"])
        let poll = try #require(try stage.write(.poll, creation.body, by: emma))
        let regretted = try emma.say("Bort", in: room).dot
        try stage.write(.name, RoomText("Köket").body, by: emma)
        try importLines([(1_600_000_000_000, "gammalt")], by: emma)
        try stage.meet()
        try bo.say("Eget", in: room)
        #expect(try stage.shown(in: bo).unread == [message, poll, regretted])
        try stage.delete(regretted, by: emma)
        try stage.meet()
        #expect(try stage.shown(in: bo).unread == [message, poll])
        #expect(try bo.store.read { try ViewQueries($0).unread(in: room).rows } == 2)
        try mark([poll], by: bo)
        #expect(try stage.shown(in: bo).unread == [message])
        #expect(try bo.store.read { try ViewQueries($0).unread(in: room).rows } == 1)
    }

    @Test func `M21: late above is what is unread below the latest that was read`() throws {
        let phone = try stage.device(of: "emma", seed: 3)
        let late = try phone.say("Sent", in: room).dot
        let read = try emma.say("Halv tio", in: room).dot
        try bo.take(emma.exported([room]))
        try mark([read], by: bo)
        #expect(try stage.shown(in: bo).lateAbove == [])
        try bo.take(phone.exported([room]))
        #expect(try stage.shown(in: bo).texts == ["Sent", "Halv tio"])
        #expect(try stage.shown(in: bo).lateAbove == [late])
        let below = try emma.say("Nu är jag här", in: room).dot
        try bo.take(emma.exported([room]))
        #expect(try stage.shown(in: bo).unread == [late, below])
        #expect(try stage.shown(in: bo).lateAbove == [late])
        // What was read still counts when it is deleted.
        try stage.delete(read, by: emma)
        try bo.take(emma.exported([room]))
        #expect(try stage.shown(in: bo).lateAbove == [late])
    }

    @Test func `M22: an imported line keeps its time and its author's name, and is never unread`()
        throws
    {
        let last = try bo.say("idag", in: room).dot
        try stage.meet()
        try mark([last], by: emma)
        let old: UInt64 = 1_600_000_000_000
        try importLines([(old, "ett"), (old, "två"), (old + 60_000, "tre")], by: bo)
        try stage.meet()
        let importing = try bo.store.read { db in
            try LogInspector(db).listing(of: room)?.replicas.filter(\.isImport).map(\.replica)
        }
        for store in [emma, bo] {
            let shown = try stage.shown(in: store)
            #expect(shown.texts == ["ett", "två", "tre", "idag"])
            let rows = shown.state.rows.prefix(3)
            #expect(
                rows.map(\.stamp.time) == [
                    HybridTime(milliseconds: old), HybridTime(milliseconds: old, counter: 1),
                    HybridTime(milliseconds: old + 60_000),
                ])
            #expect(rows.allSatisfy { [$0.stamp.replica] == importing })
            let author = Author.imported(name: "lotta", importer: try TestStore.user("bo"))
            #expect(rows.allSatisfy { $0.author == author })
            #expect(shown.unread == [])
            #expect(shown.lateAbove == [])
        }
    }
}
