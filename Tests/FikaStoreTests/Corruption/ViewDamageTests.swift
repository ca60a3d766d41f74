import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import GRDB
import Testing

/// Any number in a view becomes any other: an error or another picture, never a trap.
@Suite struct ViewDamageTests {
    private static let tables = [
        "writer", "row", "read_interval", "access_op", "copy", "poll_option", "poll_setting",
        "poll_text", "vote", "reaction", "pin", "alias", "acceptance", "outbox", "room_summary",
        "search_backlog", "log_flag", "import_run", "outcome",
    ]

    private func filled() throws -> TestStore {
        let test = try TestStore(user: "emma", seed: 1)
        let room = try test.makeRoom("Fredagsfika")
        try test.grant("eva", in: room)
        let message = try test.say("Hej", in: room)
        let poll = PollCreation(settings: .anyoneAdds, question: "Vad?", options: ["a", "b"])
        let ids = try test.write([OpDraft(.poll, body: poll.body)], to: room)
        let id = try #require(ids.first ?? nil)
        let vote = Vote([VoteChoice(.own(1), isOn: true)])
        try test.write(
            [
                OpDraft(.reaction, target: message.dot, body: Reaction("👍", isOn: true).body),
                OpDraft(.pin, target: message.dot),
                OpDraft(
                    .optionAdd, target: id.dot,
                    body: OptionAddition(basis: .creator, text: "c").body),
                OpDraft(
                    .optionText, target: id.dot,
                    body: OptionText(basis: .creator, option: .own(1), text: "A").body),
                OpDraft(
                    .pollSetting, target: id.dot,
                    body: PollSettingChange(basis: .creator, setting: .anyoneEdits, isOn: true)
                        .body),
                OpDraft(.vote, target: id.dot, body: vote.body),
            ], to: room)
        try test.store.seal([room])
        var eva = TestReplica(seed: 7, log: room, user: "eva")
        for number in 0..<9 {
            eva.write(
                ChatKind.message.kind, body: MessageBody(text: "nr \(number)").body,
                salt: Salt(raw: 1),
                time: HybridTime(milliseconds: test.clock.now + 1000 + UInt64(number)))
        }
        try test.take(eva.segments.map(\.bytes))
        let relay = TestRelay()
        try relay.accept(room, of: test)
        try relay.tell(room, to: test)
        try test.store.write { writer, db in
            let personal = try writer.prepare(test.store.profile.personalLog, db)
            let marks = try ViewQueries(db).unreadDots(in: room, upTo: .maximum)
            let body = ReadMarkBody(
                log: room,
                marks: marks.replicas.map { ReplicaMarks(replica: $0, seqs: marks[$0]) })
            _ = try writer.write([OpDraft(.readMark, body: body.body)], to: personal, db)
        }
        return test
    }

    @Test func `a changed number in a view traps nothing`() throws {
        let test = try filled()
        let numbers: [Int64] = [.min, -1, 0, 1, 1 << 33, .max]
        for table in Self.tables {
            let columns = try test.store.read { try $0.columns(in: table).map(\.name) }
            for column in columns {
                for number in numbers { try damage(test, table, column, number) }
            }
        }
        try test.say(
            "Det går än",
            in: #require(
                try test.store.read {
                    try ViewQueries($0).rooms().first?.log
                }))
    }

    private func damage(
        _ test: TestStore, _ table: String, _ column: String, _ number: Int64
    ) throws {
        try test.store.pool.writeWithoutTransaction { db in
            try db.beginTransaction()
            defer { try? db.rollback() }
            let change = "UPDATE OR REPLACE \(table) SET \(column) = \(number)"
            guard (try? db.execute(sql: change)) != nil else { return }
            let queries = ViewQueries(db)
            for log in try LogInspector(db).logIDs() {
                _ = try? queries.state(of: log)
                _ = try? queries.readMarks(of: log)
                _ = try? queries.unreadRows(in: log, limit: 10)
                _ = try? queries.lateAbove(in: log, limit: 10)
                _ = try? queries.search("hej", limit: 10)
            }
            _ = try? queries.rooms()
            _ = try? OutboxQuery(db).items().map(\.entry.count)
            let catalog = Catalog()
            let views = Views(
                catalog: catalog, source: StoredOps(catalog: catalog, reader: SegmentReader()),
                viewer: test.store.profile.user)
            for log in try LogInspector(db).logIDs() {
                guard let row = try catalog.row(of: log, db) else { continue }
                _ = try? views.history(ofLog: row, db)
            }
        }
    }
}
