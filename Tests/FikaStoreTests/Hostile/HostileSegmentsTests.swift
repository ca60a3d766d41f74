import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import GRDB
import Testing

/// Segments that verify, from a member who means harm.
@Suite struct HostileSegmentsTests {
    private let bo: TestStore
    private let room: LogID
    private var eva: TestReplica

    init() throws {
        bo = try TestStore(user: "bo", seed: 2)
        room = try bo.makeRoom("Fredagsfika")
        try bo.grant("eva", in: room)
        try bo.store.seal([room])
        eva = TestReplica(seed: 7, log: room, user: "eva")
    }

    /// A time at which Eva is in the room.
    private var later: HybridTime { HybridTime(milliseconds: bo.clock.now + 100_000) }

    private func expectGood() throws {
        let report = try bo.store.verify()
        #expect(report.isGood, "\(report.problems)")
    }

    private func count(_ sql: String) throws -> Int {
        try bo.store.read { try Int.fetchOne($0, sql: sql) ?? -1 }
    }

    @Test mutating func `M23: an erased import acts on lines of its own log alone`() throws {
        let other = try bo.makeRoom("Ledningen")
        let line = ImportedMessage(type: .message, author: "lotta", text: "Hemligt")
        let run = ImportRun(source: "irc", channel: "#fika")
        let imported = StoreWriter.ImportItem(milliseconds: 1_600_000_000_000, message: line)
        _ = try bo.store.write { writer, db in
            try writer.importItems([imported], run: run, into: other, db, progress: { _ in })
        }
        let key = ImportKey(
            log: other, run: run, time: HybridTime(milliseconds: imported.milliseconds), line)
        eva.write(ChatKind.importRun.kind, body: run.body, time: later)
        eva.write(ChatKind.imported.kind, body: line.body, salt: Salt(raw: 1))
        var builder = SegmentBuilder(log: room)
        for op in eva.ops.prefix(2) { builder.append(op) }
        builder.append(eva.ops[2].erased(residue: key.residue))
        let segment = TestReplica.sealed(
            builder, cards: [], proofs: [eva.proof(of: 1...3, sealedAt: 3)])
        try bo.take([segment.bytes])
        #expect(try Shown(other, in: bo).texts == ["Hemligt"])
        #expect(try Shown(room, in: bo).texts == [nil])
        #expect(try count("SELECT count(*) FROM erasure") == 0)
        try expectGood()
    }

    @Test mutating func `ST9: segments merge into no more bytes than a segment may have`() throws {
        let text = String(repeating: "a", count: Limits.textBytesMaximum)
        var segments: [[UInt8]] = []
        for number in 0..<70 {
            for _ in 0..<4 {
                eva.write(
                    ChatKind.message.kind, body: MessageBody(text: text).body,
                    salt: Salt(raw: UInt64(number)), time: later)
            }
            segments += eva.handOver().map(\.bytes)
        }
        try bo.take(segments)
        try bo.say("Det går än", in: room)
        try bo.store.seal([room])
        #expect(try count("SELECT count(*) FROM row WHERE kind = 10") == 281)
        #expect(try count("SELECT count(*) FROM segment") <= 64)
        var report = VerifyReport()
        try bo.store.read { db in
            try LogAudit.run(room, db, into: &report, progress: { _ in })
        }
        #expect(report.problems == [])
    }

    @Test mutating func `E2: a full segment still decodes when a short body makes way for a hash`()
        throws
    {
        let run = ImportRun(source: "irc", channel: "#fika")
        let line = ImportedMessage(type: .event, author: "", text: "x")
        eva.write(ChatKind.importRun.kind, body: run.body, time: later)
        let short = eva.write(ChatKind.imported.kind, body: line.body, salt: Salt(raw: 1))
        var builder = SegmentBuilder(log: room)
        for op in eva.ops { builder.append(op) }
        let unknown = Kind(50)
        while builder.hasRoom(forBody: Limits.bodyBytesMaximum) {
            let body = [UInt8](repeating: 1, count: Limits.bodyBytesMaximum)
            builder.append(eva.write(unknown, body: body))
        }
        let bodies = eva.ops.reduce(0) { $0 + ($1.body?.count ?? 0) }
        let heads = (builder.count + 1) * Limits.headBytesMaximum
        let left = Limits.segmentRawBytesMaximum - bodies - heads
        builder.append(eva.write(unknown, body: [UInt8](repeating: 1, count: left)))
        #expect(throws: Never.self, "just as much as a segment takes") {
            try Segment(block: builder.block())
        }
        let full = TestReplica.sealed(
            builder, cards: [], proofs: [eva.proof(of: 1...eva.last, sealedAt: eva.last)])
        try bo.take([full.bytes])
        #expect(try Shown(room, in: bo).texts == ["x"])
        var copy = TestReplica(seed: 8, log: room, user: "eva")
        copy.write(ChatKind.importRun.kind, body: run.body, time: later)
        copy.write(
            ChatKind.imported.kind, body: line.body, salt: Salt(raw: 2), time: short.time)
        builder = SegmentBuilder(log: room)
        for op in copy.ops.prefix(2) { builder.append(op) }
        let key = ImportKey(log: room, run: run, time: short.time, line)
        builder.append(copy.ops[2].erased(residue: key.residue))
        let erased = TestReplica.sealed(
            builder, cards: [], proofs: [copy.proof(of: 1...3, sealedAt: 3)])
        try bo.take([erased.bytes])
        #expect(try Shown(room, in: bo).texts == [nil])
        try expectGood()
    }

    @Test mutating func `F8: a close that nobody believes is not compared with a chain`() throws {
        eva.write(upTo: 400)
        try bo.take(eva.segments.map(\.bytes))
        var steps: [Int] = []
        for (seed, isClose) in [(UInt64(11), false), (12, true)] {
            var omid = TestReplica(seed: seed, log: room, user: "omid")
            for number in 0..<100 {
                let close = Close(
                    replica: eva.id, seq: 400, chain: omid.chains[0], reason: .removed)
                omid.write(
                    isClose ? ChatKind.close.kind : ChatKind.leave.kind,
                    body: isClose ? close.body : [],
                    time: HybridTime(milliseconds: 1_700_000_000_000 + UInt64(number)))
            }
            let bytes = omid.segments.map(\.bytes)
            let work = try WorkCount.ofWriting(bo.store) { try bo.take(bytes) }
            steps.append(work.statements)
        }
        #expect(steps[1] < steps[0] + 50)
        try expectGood()
    }

    @Test mutating func `ST8: a rebuild takes a text out of the index whole, NUL and all`() throws {
        let carl = try TestStore(user: "carl", seed: 3, clock: bo.clock)
        try bo.grant("carl", in: room)
        try carl.take(bo.exported([room]))
        // Bo has removed Eva when she writes; Carl hears of it last.
        let grants = try bo.store.write { writer, db in
            try writer.history(of: room, db).ops.filter { op in
                if case .grant(let grant) = op.content { grant.user.text == "eva" } else { false }
            }.map(\.dot)
        }
        try bo.write(grants.map { OpDraft(.revoke, target: $0) }, to: room)
        eva.write(
            ChatKind.message.kind, body: MessageBody(text: "syns\u{0}qxkvittrad").body,
            salt: Salt(raw: 3), time: HybridTime(milliseconds: bo.clock.now + 10_000))
        try carl.take(eva.segments.map(\.bytes))
        try carl.store.write { writer, db in
            while try writer.views.indexSearch(limit: 1000, db) {}
        }
        #expect(try Shown(room, in: carl).texts == ["syns\u{0}qxkvittrad"])
        try carl.take(bo.exported([room]))
        #expect(try Shown(room, in: carl).texts == [])
        let words = try carl.store.write { _, db in
            try db.execute(
                sql: "CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, search, row)")
            return try String.fetchAll(db, sql: "SELECT term FROM temp.words")
        }
        #expect(words == [])
    }

    @Test mutating func `a batch of access ops in falling order lets all in that they name`() throws
    {
        var ops: [ChatOp] = []
        for number in 0..<200 {
            ops.append(.grant(Grant(user: try TestStore.user("u\(number)"), role: .member)))
        }
        for (index, op) in ops.enumerated() {
            eva.write(
                op.kind, body: op.body,
                time: HybridTime(milliseconds: 1_900_000_000_000 - UInt64(index)))
        }
        try bo.take(eva.segments.map(\.bytes))
        #expect(try count("SELECT count(*) FROM member") == 202)
        try expectGood()
    }

    @Test func `ST12: nothing is imported into a room that this user may not write in`() throws {
        let line = ImportedMessage(type: .message, author: "lotta", text: "Hej")
        let item = StoreWriter.ImportItem(milliseconds: 1_600_000_000_000, message: line)
        let run = ImportRun(source: "irc", channel: "#fika")
        func importLine(into log: LogID, of test: TestStore) throws {
            _ = try test.store.write { writer, db in
                try writer.importItems([item], run: run, into: log, db, progress: { _ in })
            }
        }
        #expect(throws: StoreError.refused(.notMember)) {
            try importLine(into: logNumbered(9), of: bo)
        }
        try bo.write([OpDraft(.leave)], to: room)
        #expect(throws: StoreError.refused(.notMember)) { try importLine(into: room, of: bo) }
        #expect(try count("SELECT count(*) FROM log") == 1)
        let chat = try bo.store.write { writer, db in
            try writer.prepare(
                LogPreimage(
                    workspace: TestStore.workspace, kind: .privateChat,
                    users: [bo.store.profile.user]), db)
        }
        try importLine(into: chat, of: bo)
        #expect(try Shown(chat, in: bo).texts == ["Hej"])
    }

    @Test func `ST11: segments that each outdate a room's views have them rebuilt once`() throws {
        var works: [Int] = []
        for leaverCount in [1, 12] {
            let store = try TestStore(user: "bo", seed: 2)
            let log = try store.makeRoom("Fredagsfika")
            var spoken: [[UInt8]] = []
            var left: [[UInt8]] = []
            for number in 0..<12 {
                try store.grant("u\(number)", in: log)
                var user = TestReplica(
                    seed: 100 + UInt64(number), log: log, user: "u\(number)")
                let later = store.clock.now + 1_000_000
                for place in 0..<40 {
                    user.write(
                        ChatKind.message.kind, body: MessageBody(text: "hej").body,
                        salt: Salt(raw: 1),
                        time: HybridTime(milliseconds: later + UInt64(place)))
                }
                spoken.append(user.segment(1...41).bytes)
                user.write(
                    ChatKind.leave.kind, body: [], time: HybridTime(milliseconds: later - 100))
                if number < leaverCount { left.append(user.segment(42...42).bytes) }
            }
            try store.take(spoken)
            #expect(try Shown(log, in: store).texts.count == 480)
            works.append(try WorkCount.ofWriting(store.store) { try store.take(left) }.steps)
            #expect(try Shown(log, in: store).texts.count == 480 - 40 * leaverCount)
            #expect(try store.store.verify().isGood)
        }
        #expect(works[1] < 3 * works[0])
    }
}
