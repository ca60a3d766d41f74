import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog
import FikaStore
import FikaTestSupport
import Testing

/// What full-text search finds, on real stores.
@Suite struct SearchTests {
    private let stage: TwoStores
    private var emma: TestStore { stage.emma }
    private var bo: TestStore { stage.bo }
    private var room: LogID { stage.room }

    init() throws {
        stage = try TwoStores()
    }

    private func search(
        _ words: String, in log: LogID? = nil, limit: Int = 100, by test: TestStore? = nil
    ) throws -> SearchHits {
        try (test ?? emma).store.read { try ViewQueries($0).search(words, in: log, limit: limit) }
    }

    private func texts(
        _ words: String, in log: LogID? = nil, limit: Int = 100, by test: TestStore? = nil
    ) throws -> [String] {
        try search(words, in: log, limit: limit, by: test).hits.map { hit in
            switch hit.row.row.content {
            case .message(let text, _, _), .imported(_, let text): text
            case .poll(let poll): poll.question
            case .deleted, .system: "no text"
            }
        }
    }

    private func index(_ test: TestStore) throws {
        try test.store.write { writer, db in
            while try writer.views.indexSearch(limit: 1000, db) {}
        }
    }

    @Test(arguments: [
        "raksmorgas", "räksmörgås", "RÄKSMÖRGÅS", "Raksmörgas", "räksmo", "en raksm",
        "raksmorgas\u{0}", "  raksmorgas \n", "ra\u{308}ksmo\u{308}rga\u{30A}s",
    ])
    func `marks and case are folded, and the last word may be a beginning`(words: String) throws {
        try emma.say("En Räksmörgås, tack", in: room)
        try emma.say("Bullar", in: room)
        #expect(try texts(words) == ["En Räksmörgås, tack"])
    }

    @Test(arguments: ["smorgas", "raks tack", "räksmörgåsar", "bullar räk"])
    func `only the last word may be a beginning, and all words have to be there`(
        words: String
    ) throws {
        try emma.say("En räksmörgås, tack", in: room)
        try emma.say("Bullar", in: room)
        #expect(try texts(words) == [])
    }

    @Test func `what is typed is never syntax`() throws {
        try emma.say("ägg OR bacon", in: room)
        try emma.say("bacon", in: room)
        try emma.say("text near here", in: room)
        #expect(try texts("ägg OR") == ["ägg OR bacon"])
        #expect(try texts("bacon OR ägg") == ["ägg OR bacon"])
        #expect(try texts("ägg NOT bacon") == [])
        #expect(try texts("near") == ["text near here"])
        #expect(try texts("text:bacon") == [])
        #expect(try texts("\"bacon\"") == ["bacon", "ägg OR bacon"])
        #expect(try texts("ba* ägg") == [])
        #expect(try texts("ba*") == ["bacon", "ägg OR bacon"])
        for words in [
            "\"", "\"\"", "*", "(", ")", "bacon)", "^bacon", "-bacon", "{text}: bacon", "AND",
            "NEAR(bacon, 2)", "bacon AND", "'; DROP TABLE search", "+", "\\", ":", "\u{0}", "",
            "   ", "\u{FFFF}", String(repeating: "\"", count: 1001),
        ] {
            // None of them may be an error.
            _ = try search(words)
        }
        #expect(try texts("") == [])
        #expect(try texts("\u{0}") == [])
    }

    @Test func `an edited text is found anew, and the old one is not`() throws {
        let post = try emma.say("kanelbulle", in: room)
        try stage.edit(post, "semla", by: emma)
        #expect(try texts("kanelbulle") == [])
        #expect(try texts("semla") == ["semla"])
        try stage.meet()
        try index(bo)
        try stage.edit(post, "wienerbröd", by: emma)
        try stage.meet()
        for store in [emma, bo] {
            try index(store)
            #expect(try texts("semla", by: store) == [])
            #expect(try texts("wienerbrod", by: store) == ["wienerbröd"])
        }
    }

    @Test func `a deleted text is not found, nor one emptied before anybody saw it`() throws {
        let post = try emma.say("kanelbulle", in: room)
        let unseen = try emma.say("semla", in: room)
        try stage.delete(unseen.dot, by: emma)
        try stage.meet()
        try index(bo)
        try stage.delete(post.dot, by: emma)
        try stage.meet()
        for store in [emma, bo] {
            #expect(try texts("kanelbulle", by: store) == [])
            #expect(try texts("semla", by: store) == [])
        }
    }

    @Test func `an own text is found at once, one of a batch when the backlog is taken in`() throws
    {
        for number in 1...20 { try emma.say("bulle nr \(number)", in: room) }
        #expect(try !search("bulle").isIncomplete)
        #expect(try search("bulle").hits.count == 20)
        try stage.meet()
        #expect(try search("bulle", by: bo).isIncomplete)
        #expect(try search("bulle", by: bo).hits.isEmpty)
        let isLeft = try bo.store.write { writer, db in
            try writer.views.indexSearch(limit: 5, db)
        }
        #expect(isLeft)
        #expect(try search("bulle", by: bo).isIncomplete)
        #expect(try search("bulle", by: bo).hits.count == 5)
        try index(bo)
        #expect(try !search("bulle", by: bo).isIncomplete)
        #expect(try search("bulle", by: bo).hits.count == 20)
        #expect(try bo.store.verify().isGood)
    }

    @Test(arguments: [20, 400])
    func `hits come newest first, as many as asked for`(count: Int) throws {
        // Both write at the same time, in turn, and there are more hits than are sorted at once.
        for start in stride(from: 0, to: count, by: 4) {
            for (offset, store) in [emma, emma, bo, bo].enumerated() {
                try store.say("bulle \(start + offset)", in: room)
            }
        }
        try stage.meet()
        let newest = (0..<count).reversed().map { "bulle \($0)" }
        for store in [emma, bo] {
            try index(store)
            #expect(try texts("bulle", limit: 10, by: store) == Array(newest.prefix(10)))
            #expect(try texts("bulle", in: room, limit: 7, by: store) == Array(newest.prefix(7)))
            #expect(try texts("bulle", limit: 1000, by: store) == newest)
            #expect(try texts("bulle", limit: 0, by: store) == [])
        }
    }

    @Test func `polls and imported lines are found by their texts`() throws {
        let poll = PollCreation(settings: [], question: "Vem köper smör?", options: ["Jag", "Du"])
        try stage.write(.poll, poll.body, by: emma)
        let line = StoreWriter.ImportItem(
            milliseconds: 1_600_000_000_000,
            message: ImportedMessage(type: .message, author: "lotta", text: "smör är slut"))
        try emma.store.write { writer, db in
            let run = ImportRun(source: "irc", channel: "#fika")
            _ = try writer.importItems([line], run: run, into: room, db, progress: { _ in })
        }
        try index(emma)
        #expect(try texts("smor") == ["Vem köper smör?", "smör är slut"])
    }

    @Test func `a log finds its own rows only, and nobody finds those of a log not theirs`() throws
    {
        try emma.say("smör här", in: room)
        let other = try emma.makeRoom("Köket")
        try emma.say("smör där", in: other)
        #expect(try texts("smör") == ["smör där", "smör här"])
        #expect(try texts("smör", in: room) == ["smör här"])
        #expect(try texts("smör", in: other) == ["smör där"])
        #expect(try texts("smör", in: logNumbered(9)) == [])
        #expect(try search("smör", in: other).hits.map(\.log) == [other])
        let report = try bo.take(emma.exported([room, other]))
        #expect(report.skippedLogs == [other])
        try index(bo)
        #expect(try texts("smör", by: bo) == ["smör här"])
        #expect(try texts("smör", in: other, by: bo) == [])
    }
}
