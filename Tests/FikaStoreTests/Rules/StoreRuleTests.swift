import FikaCRDT
import FikaChat
import FikaLog
import FikaStore
import FikaTestSupport
import GRDB
import Testing

/// Rules ST5 and ST8 on real stores.
@Suite struct StoreRuleTests {
    private let stage: TwoStores
    private var emma: TestStore { stage.emma }
    private var bo: TestStore { stage.bo }
    private var room: LogID { stage.room }

    init() throws {
        stage = try TwoStores()
    }

    private func unsealed(_ db: Database) throws -> [OpID] {
        var ids: [OpID] = []
        try LogInspector(db).forEachOp(of: room) { op in
            if op.isUnsealed { ids.append(op.op.id) }
            return true
        }
        return ids
    }

    @Test func `ST5: an op can be changed until its replica seals past it, and not after`() throws {
        let post = try emma.say("Bular?", in: room)
        let first = MessageBody(text: "Bullar?").body
        #expect(try stage.write(.edit, at: post.dot, first, by: emma) == post.dot)
        #expect(try emma.store.read(unsealed) == [post])
        try emma.store.seal([room])
        #expect(try emma.store.read(unsealed) == [])
        let sealed = try #require(try emma.store.read { try LogInspector($0).op(post) })
        #expect(sealed.segment != nil)
        #expect(sealed.op.body == first)

        let second = MessageBody(text: "Semlor?").body
        let edit = try #require(try stage.write(.edit, at: post.dot, second, by: emma))
        #expect(edit.seq == post.dot.seq + 1)
        let restamped = try emma.store.write { writer, db in
            try writer.restamp(room, correction: 60_000, db)
        }
        #expect(restamped == 1, "only the edit")
        try stage.delete(post.dot, by: emma)
        #expect(try emma.store.read { try LogInspector($0).op(post) } == sealed)
    }

    @Test func `ST5: sealing is on disk before any byte leaves`() throws {
        try emma.say("Bullar?", in: room)
        #expect(try emma.store.read(unsealed).count == 1)
        let reader = try Store.open(
            folder: emma.folder.path("store"), mode: .reading,
            environment: emma.store.environment)
        var handed = 0
        var unsealedMeanwhile = 0
        try emma.store.exportSegments(of: [room]) { segment in
            handed += segment.segment.rows.count
            // What another connection sees is committed.
            unsealedMeanwhile += try reader.read(unsealed).count
        }
        #expect(handed == 4)
        #expect(unsealedMeanwhile == 0)
    }

    /// Of each op that is to be erased whether it is.
    private func erasures(_ db: Database) throws -> [Bool] {
        try Bool.fetchAll(db, sql: "SELECT is_done FROM erasure")
    }

    private func bodies(_ ids: [OpID], _ db: Database) throws -> [[UInt8]?] {
        try ids.map { try LogInspector(db).op($0)?.op.body }
    }

    private func found(_ words: [String], in test: TestStore) throws -> [Int] {
        try test.store.read { db in
            try words.map { try ViewQueries(db).search($0, limit: 10).hits.count }
        }
    }

    @Test func `ST8: an accepted delete erases in its transaction, then the files are cleaned`()
        throws
    {
        let post = try bo.say("Bort kvittrad", in: room)
        let answer = try bo.say("Kvar", in: room, replyTo: post.dot)
        try stage.settle()
        let body = MessageBody(text: "Bort giraffen").body
        let edit = try #require(try stage.write(.edit, at: post.dot, body, by: bo))
        try stage.settle()
        try bo.store.write { writer, db in while try writer.indexSearch(db) {} }
        let ids = [post, OpID(log: room, dot: edit), answer]
        try stage.delete(post.dot, by: emma)
        try stage.meet()
        #expect(try bo.store.read(erasures) == [], "it is not accepted yet")
        #expect(try bo.store.read { try bodies(ids, $0) }.allSatisfy { $0 != nil })

        try stage.relay.accept(room, of: emma)
        try stage.relay.tell(room, to: bo)
        #expect(try bo.store.read(erasures) == [true, true])
        let kept = try bo.store.read { try bodies(ids, $0) }
        #expect(kept == [nil, nil, MessageBody(text: "Kvar").body])
        #expect(try found(["kvittrad", "giraffen", "kvar"], in: bo) == [0, 0, 1])
        let log = try bo.folder.bytes(of: "store/fika.sqlite-wal")
        #expect(!log.containsRun(Array("kvittrad".utf8)))
        #expect(log.count < 65_536, "it was truncated: \(log.count) bytes")
        #expect(try bo.store.verify().isGood)
    }

    @Test func `ST8: a transaction that fails erases nothing`() throws {
        let post = try bo.say("Bort kvittrad", in: room)
        try stage.settle()
        let id = try #require(try stage.write(.delete, at: post.dot, by: emma))
        try stage.meet()
        try bo.store.write { writer, db in while try writer.indexSearch(db) {} }
        var erased: [[UInt8]?] = []
        #expect(throws: StoreError.self) {
            try bo.store.write { writer, db in
                let log = try writer.catalog.makeRow(of: room, db)
                let key = try writer.catalog.key(of: id, log: log, db)
                let delete = Acceptance(first: key, count: 1, position: 1000, acceptedAt: 1)
                try writer.accept([delete], db)
                erased = try bodies([post], db)
                throw StoreError.damaged("the test ends the transaction")
            }
        }
        #expect(erased == [nil])
        #expect(try bo.store.read(erasures) == [])
        let kept = try bo.store.read { try bodies([post], $0) }
        #expect(kept == [MessageBody(text: "Bort kvittrad").body])
        #expect(try bo.store.verify().isGood)
    }
}
