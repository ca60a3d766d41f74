import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import GRDB
import Testing

@Suite struct StoreExchangeTests {
    /// Emma's room with Omid in it, on both stores.
    private func pair() throws -> (emma: TestStore, omid: TestStore, room: LogID) {
        let emma = try TestStore(user: "emma", seed: 1)
        let omid = try TestStore(user: "omid", seed: 2)
        let room = try emma.makeRoom("Fredagsfika")
        try emma.grant("omid", in: room)
        try omid.take(emma.exported([room]))
        return (emma, omid, room)
    }

    private func ops(_ test: TestStore, _ log: LogID) throws -> [Op] {
        try test.store.read { db in
            var ops: [Op] = []
            try LogInspector(db).forEachOp(of: log) { op in
                ops.append(op.op)
                return true
            }
            return ops.sorted { $0.id.dot < $1.id.dot }
        }
    }

    @Test func `two stores hold the same ops after an exchange, and again`() throws {
        let (emma, omid, room) = try pair()
        try emma.say("Bullar?", in: room)
        try omid.say("Semlor!", in: room)
        try emma.exchange(with: omid, room)
        #expect(try ops(emma, room) == ops(omid, room))
        let again = try omid.take(emma.exported([room]))
        #expect(again.newOps == 0)
        #expect(again.heldOps == 6)
    }

    @Test func `F11: a log that is not this user's is left out`() throws {
        let (emma, _, room) = try pair()
        let eva = try TestStore(user: "eva", seed: 3)
        let report = try eva.take(emma.exported([room]))
        #expect(report.skippedLogs == [room])
        #expect(report.newOps == 0)
        let counts = try eva.store.read { db in
            try ["log", "replica", "segment", "seal", "have"].map {
                try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") ?? -1
            }
        }
        #expect(counts == [0, 0, 0, 0, 0])
    }

    @Test func `ST6: one bad segment, and nothing of the exchange is stored`() throws {
        let (emma, omid, room) = try pair()
        try emma.say("Bullar?", in: room)
        var segments = try emma.exported([room])
        let before = try ops(omid, room)
        let last = segments[segments.count - 1]
        segments.append(last)
        segments[segments.count - 1][last.count - 8] ^= 1
        #expect(throws: LogError.self) { try omid.take(segments) }
        #expect(try ops(omid, room) == before)
        try omid.say("går bra ändå", in: room)
    }

    @Test func `S1: a second branch of a replica is refused and nothing changes`() throws {
        let (emma, omid, room) = try pair()
        let copy = try emma.copied(seed: 9)
        try emma.say("den ena", in: room)
        let good = try emma.exported([room])
        try omid.take(good)
        let before = try ops(omid, room)
        #expect(before.count == 4)
        // The copy knows that it is one, and writes as another replica: no fork.
        try copy.say("den andra", in: room)
        let report = try omid.take(copy.exported([room]))
        #expect(report.newOps == 2)
        #expect(try ops(omid, room).count == 6)
    }

    @Test func `ST9: many small segments become one, and every op stays`() throws {
        let (emma, omid, room) = try pair()
        for number in 1...40 {
            try emma.say("e\(number)", in: room)
            try omid.say("o\(number)", in: room)
            try emma.exchange(with: omid, room)
        }
        #expect(try ops(emma, room) == ops(omid, room))
        #expect(try ops(emma, room).count == 84)
        let segments = try emma.store.read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM segment") ?? 0
        }
        #expect(segments <= 64)
        var report = VerifyReport()
        try emma.store.read { db in
            try LogAudit.run(room, db, into: &report, progress: { _ in })
        }
        #expect(report.problems == [])
        let eva = try TestStore(user: "omid", seed: 4)
        #expect(try eva.take(emma.exported([room])).newOps == 84)
    }
}
