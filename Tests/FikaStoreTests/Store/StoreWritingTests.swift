import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import Foundation
import GRDB
import Synchronization
import Testing

@Suite struct StoreWritingTests {
    private func unsealed(_ test: TestStore, _ log: LogID) throws -> [Op] {
        try test.store.read { db in
            var ops: [Op] = []
            try LogInspector(db).forEachOp(of: log) { op in
                if op.isUnsealed { ops.append(op.op) }
                return true
            }
            return ops
        }
    }

    @Test func `a write introduces its replica first and queues each op`() throws {
        let test = try TestStore(user: "emma", seed: 1)
        let room = try test.makeRoom("Fredagsfika")
        let id = try test.say("Kanelbullar eller semlor?", in: room)
        let ops = try unsealed(test, room)
        #expect(ops.map(\.kind.number) == [1, 2, 10])
        #expect(ops.map(\.id.dot.seq) == [1, 2, 3])
        #expect(ops.last?.id == id)
        let queued = try test.store.read { try OutboxTable(db: $0).entries() }
        #expect(queued.count == 3)
        #expect(queued.allSatisfy { $0.state == .queued })
    }

    /// What was read out of a lock as a bare closure once came back wrapped in one more each time:
    /// after ten thousand transactions calling it took more than the stack of a queue's thread.
    @Test func `who listens for changes is called as directly after many as after one`() throws {
        let test = try TestStore(user: "emma", seed: 1)
        let room = try test.makeRoom("Fredagsfika")
        let depths = Mutex<[Int]>([])
        test.store.onChange { _ in
            let depth = Thread.callStackReturnAddresses.count
            depths.withLock { $0.append(depth) }
        }
        for number in 1...30 { try test.say("nr \(number)", in: room) }
        let found = depths.withLock { $0 }
        #expect(found.count == 30)
        #expect(Set(found).count == 1, "\(found)")
    }

    @Test func `O3: an edit of an unsealed message replaces its body, G4`() throws {
        let test = try TestStore(user: "emma", seed: 1)
        let room = try test.makeRoom("Fredagsfika")
        let id = try test.say("Kanelbular?", in: room)
        let body = MessageBody(text: "Kanelbullar?").body
        let edits = try test.write([OpDraft(.edit, target: id.dot, body: body)], to: room)
        #expect(edits == [id])
        let ops = try unsealed(test, room)
        #expect(ops.count == 3)
        #expect(ops.last?.body == body)
    }

    @Test func `O3: what is deleted before it is sealed never leaves, G3`() throws {
        let test = try TestStore(user: "emma", seed: 1)
        let room = try test.makeRoom("Fredagsfika")
        let id = try test.say("hemlighet-abc", in: room)
        let gone = try test.write([OpDraft(.delete, target: id.dot)], to: room)
        #expect(gone == [nil])
        let last = try unsealed(test, room).last
        #expect(last?.kind == .void)
        #expect(last?.target == nil)
        #expect(last?.body == [])
        let handed = try test.exported([room])
        let needle = Array("hemlighet".utf8)
        for bytes in handed {
            let segment = try SealedSegment(bytes: bytes).segment
            #expect(segment.ops.allSatisfy { $0.body.map { !$0.containsRun(needle) } ?? true })
        }
    }

    @Test func `S2: sealing 200 ops puts a seal at 1, at each 64 and at the end`() throws {
        let test = try TestStore(user: "emma", seed: 1)
        let room = try test.makeRoom("Fredagsfika")
        for number in 1...198 { try test.say("nr \(number)", in: room) }
        #expect(try test.store.seal([room]) == 200)
        #expect(try test.store.seal([room]) == 0)
        let seals = try test.store.read { db in
            try UInt64.fetchAll(db, sql: "SELECT seq FROM seal ORDER BY seq")
        }
        #expect(seals == [1, 64, 128, 192, 200])
        #expect(try unsealed(test, room).isEmpty)
    }

    @Test func `a chain goes on after sealing and after opening again`() throws {
        let test = try TestStore(user: "emma", seed: 1)
        let room = try test.makeRoom("Fredagsfika")
        try test.say("ett", in: room)
        try test.store.seal([room])
        try test.reopen()
        let id = try test.say("två", in: room)
        #expect(id.dot.seq == 4)
        try test.store.seal([room])
        let have = try test.store.read { db in try LogInspector(db).listing(of: room) }
        #expect(have?.replicas.map { $0.have.seqs } == [IntervalSet([1...4])])
    }

    @Test func `C1: a clock that went back does not make stamps go back`() throws {
        let test = try TestStore(user: "emma", seed: 1)
        let room = try test.makeRoom("Fredagsfika")
        try test.say("först", in: room)
        test.clock.set(milliseconds: 1_000)
        try test.say("sedan", in: room)
        let times = try unsealed(test, room).map(\.time)
        #expect(times == times.sorted())
        #expect(Set(times).count == times.count)
    }

    @Test func `C3: re-stamping adds the correction to unsealed ops and keeps their order`() throws
    {
        let test = try TestStore(user: "emma", seed: 1)
        let right = test.clock.now
        let room = try test.makeRoom("Fredagsfika")
        try test.store.seal([room])
        // The device's clock is two hours slow.
        test.clock.set(milliseconds: right + 10_000 - 7_200_000)
        try test.say("ett", in: room)
        try test.say("två", in: room)
        let ids = try unsealed(test, room).map(\.id)
        let count = try test.store.write { writer, db in
            try writer.restamp(room, correction: 7_200_000, db)
        }
        #expect(count == 2)
        let ops = try unsealed(test, room)
        #expect(ops.map(\.id) == ids)
        #expect(ops.map(\.time.milliseconds) == [right + 11_000, right + 12_000])
        let shown = try test.store.read { db in
            try ViewQueries(db).page(of: room, .newest, limit: 2)
        }
        #expect(shown.map(\.row.stamp.time) == ops.map(\.time))
        #expect(try test.store.verify().problems == [])
    }

    @Test func `a refused write leaves nothing behind`() throws {
        let emma = try TestStore(user: "emma", seed: 1)
        let room = try emma.makeRoom("Fredagsfika")
        let omid = try TestStore(user: "omid", seed: 2)
        #expect(throws: StoreError.refused(.notMember)) { try omid.say("hej", in: room) }
        let rows = try omid.store.read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM log") ?? -1
        }
        #expect(rows == 0)
    }

    @Test func `ST4: a disk that is full loses nothing and is no end`() throws {
        let test = try TestStore(user: "emma", seed: 1)
        let room = try test.makeRoom("Fredagsfika")
        try test.say("kvar", in: room)
        let pages = try test.store.pool.writeWithoutTransaction { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
            return pages
        }
        #expect(throws: DatabaseError.self) {
            for _ in 1...1000 {
                try test.say(String(repeating: "x", count: 3000), in: room)
            }
        }
        let before = try unsealed(test, room)
        #expect(before.map(\.id.dot.seq) == Array(1...UInt64(before.count)))
        try test.store.pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA max_page_count = \(pages + 10_000)")
        }
        let id = try test.say("igen", in: room)
        #expect(id.dot.seq == UInt64(before.count) + 1)
    }

    @Test(arguments: [0, 3_600_000])
    func `C1: a run comes after the room it is imported into, though the clock went back`(
        milliseconds: UInt64
    ) throws {
        for seed in 1...8 as ClosedRange<UInt64> {
            let test = try TestStore(user: "emma", seed: seed)
            let room = try test.makeRoom("Fredagsfika")
            test.clock.set(milliseconds: test.clock.now - milliseconds)
            let line = ImportedMessage(type: .message, author: "lotta", text: "Hej")
            let item = StoreWriter.ImportItem(milliseconds: 1_600_000_000_000, message: line)
            let new = try (1...2).map { _ in
                try test.store.write { writer, db in
                    try writer.importItems(
                        [item], run: ImportRun(source: "irc", channel: "#fika"), into: room, db,
                        progress: { _ in })
                }
            }
            #expect(new == [1, 0])
            #expect(try Shown(room, in: test).texts == ["Hej"])
        }
    }
}
