import FikaChat
import FikaCRDT
import FikaStore
import FikaTestSupport
import Testing

/// What a store asks of SQLite does not grow with the history.
struct CountsStoreTests {
    @Test func `ST3: one local message is one transaction, as many statements after any history`()
        throws
    {
        var counts: [WorkCount] = []
        for history in [0, 100, 3000] {
            let test = try TestStore(user: "emma", seed: 1)
            let room = try test.makeRoom("fika")
            try fill(test, room, messages: history)
            // The first one after opening looks things up that are then remembered.
            try test.say("the first", in: room)
            let count = try WorkCount.ofWriting(test.store) { try test.say("more?", in: room) }
            #expect(count.commits == 1)
            counts.append(count)
        }
        #expect(counts[0].statements <= 16)
        #expect(counts[1].statements == counts[0].statements)
        #expect(counts[2].statements == counts[0].statements)
        #expect(counts[2].steps <= counts[0].steps + 100)
    }

    @Test
    func `ST3: an edit, a reaction, a pin and a name are one transaction each, after any history`()
        throws
    {
        var counts: [[Int]] = []
        for history in [100, 3000] {
            let test = try TestStore(user: "emma", seed: 1)
            let room = try test.makeRoom("fika")
            let post = try test.say("Bullar?", in: room)
            try fill(test, room, messages: history)
            try test.say("the first", in: room)
            let queued = try test.store.read { try OutboxTable(db: $0).entries().count }
            let drafts = [
                OpDraft(.edit, target: post.dot, body: MessageBody(text: "Semlor?").body),
                OpDraft(
                    .reaction, target: post.dot, body: Reaction("\u{1F44D}", isOn: true).body),
                OpDraft(.pin, target: post.dot), OpDraft(.name, body: RoomText("Fika").body),
            ]
            var statements: [Int] = []
            for (index, draft) in drafts.enumerated() {
                let count = try WorkCount.ofWriting(test.store) {
                    try test.write([draft], to: room)
                }
                #expect(count.commits == 1)
                statements.append(count.statements)
                let entries = try test.store.read { try OutboxTable(db: $0).entries().count }
                #expect(entries == queued + index + 1)
            }
            counts.append(statements)
        }
        #expect(counts[0] == counts[1])
        #expect(counts[0].allSatisfy { $0 <= 40 }, "\(counts[0])")
    }

    @Test func `the room list and the newest page cost the same after any history`() throws {
        var lists: [WorkCount] = []
        var pages: [WorkCount] = []
        for history in [100, 3000] {
            let test = try TestStore(user: "emma", seed: 1)
            let room = try test.makeRoom("fika")
            try fill(test, room, messages: history)
            try test.reopen()
            let (rooms, list) = try WorkCount.ofReading(test.store) {
                try ViewQueries($0).rooms()
            }
            let (rows, page) = try WorkCount.ofReading(test.store) {
                try ViewQueries($0).page(of: room, .newest, limit: 50)
            }
            #expect(rooms.count == 1)
            #expect(rows.count == 50)
            lists.append(list)
            pages.append(page)
        }
        #expect(lists[0].statements == lists[1].statements)
        #expect(lists[1].steps <= lists[0].steps + 20)
        #expect(pages[0].statements == pages[1].statements)
        #expect(pages[1].steps <= pages[0].steps + 50)
    }

    @Test func `a closed store leaves nothing in the write-ahead log to be read at opening`()
        throws
    {
        let test = try TestStore(user: "emma", seed: 1)
        try fill(test, try test.makeRoom("fika"), messages: 1000)
        #expect(try test.folder.bytes(of: "store/fika.sqlite-wal").count > 100_000)
        try test.store.close()
        #expect((try? test.folder.bytes(of: "store/fika.sqlite-wal"))?.isEmpty ?? true)
        try test.store.close()
    }

    /// Writes messages in batches and seals them.
    private func fill(_ test: TestStore, _ room: LogID, messages: Int) throws {
        var texts = LoadTexts(seed: 2)
        for start in stride(from: 0, to: messages, by: 500) {
            let drafts = (start..<min(start + 500, messages)).map { _ in
                OpDraft(.message, body: MessageBody(text: texts.next()).body)
            }
            try test.write(drafts, to: room)
            try test.store.seal([room])
        }
    }
}
