import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import GRDB
import Testing

@Suite struct SQLiteLogTests {
    /// Ends a transaction on purpose.
    private struct Stop: Error {}

    @Test(arguments: OpLogCheck.allCases)
    func `the log in SQLite keeps the contract`(check: OpLogCheck) throws {
        try OpLogContract { try ScratchLog() }.run(check)
    }

    @Test func `ops are given once and rising when a segment has two runs of their replica`() throws
    {
        var log = try ScratchLog()
        let replica = replica(upTo: 20)
        _ = try log.append(replica.segment(ofRanges: [1...3, 9...12], sealedAt: 12).verified())
        _ = try log.append(replica.segment(5...6).verified())
        _ = try log.append(replica.segment(ofRanges: [4...4, 7...8], sealedAt: 8).verified())
        let seqs = try log.ops(of: replica.id, in: replica.log, seqs: 2...12).map(\.id.dot.seq)
        #expect(seqs == Array(2...12))
        #expect(try LogDump(of: log).replicas.first?.ops == Array(replica.ops.prefix(12)))
    }

    @Test func `nothing of a rolled-back append is remembered`() throws {
        var log = try ScratchLog()
        let first = replica(upTo: 5)
        let second = replica(8, in: 2, upTo: 5)
        _ = try log.append(first.segment(1...3).verified())
        let before = try LogDump(of: log)
        #expect(throws: Stop.self) {
            try log.change { log, db in
                _ = try log.append(first.segment(1...5).verified())
                _ = try log.append(second.segment(1...5).verified())
                // Decodes and remembers what is about to go.
                _ = try LogDump(of: log)
                throw Stop()
            }
        }
        #expect(try LogDump(of: log) == before)
        // Their rows go to others now.
        let third = replica(9, in: 3, upTo: 70)
        _ = try log.append(third.segment(1...70).verified())
        #expect(try log.ops(of: second.id, in: second.log, seqs: 1...5) == [])
        #expect(try log.ops(of: third.id, in: third.log, seqs: 1...70) == third.ops)
        _ = try log.append(second.segment(1...5).verified())
        _ = try log.append(first.segment(1...5).verified())
        let dump = try LogDump(of: log)
        #expect(dump.replicas.map(\.ops.count).sorted() == [5, 5, 70])
    }

    @Test func `E2: an erased body is not read from a segment decoded before`() throws {
        var log = try ScratchLog()
        let replica = replica(upTo: 10)
        _ = try log.append(replica.segment(1...10).verified())
        #expect(try log.ops(of: replica.id, in: replica.log, seqs: 5...5).first?.body != nil)
        try log.erase(replica.ops[4].id, residue: [])
        #expect(try log.ops(of: replica.id, in: replica.log, seqs: 5...5).first?.body == nil)
    }

    @Test func `an erasing that is rolled back leaves the body`() throws {
        var log = try ScratchLog()
        let replica = replica(upTo: 10)
        _ = try log.append(replica.segment(1...10).verified())
        #expect(throws: Stop.self) {
            try log.change { log, _ in
                try log.erase(replica.ops[4].id, residue: [])
                _ = try log.ops(of: replica.id, in: replica.log, seqs: 1...10)
                throw Stop()
            }
        }
        #expect(try log.ops(of: replica.id, in: replica.log, seqs: 1...10) == replica.ops)
    }

    @Test func `a reading connection sees appends and merges of the writing one`()
        throws
    {
        let test = try TestStore(user: "emma", seed: 1)
        let replica = replica(upTo: 72)
        for seq in 1...72 as ClosedRange<UInt64> {
            let segment = replica.segment(seq...seq)
            #expect(try test.store.write { writer, db in try writer.apply(segment, db) } == 1)
            let ops = try test.store.read { db in
                try SQLiteLog(db, catalog: Catalog(), reader: SegmentReader())
                    .ops(of: replica.id, in: replica.log, seqs: 1...100)
            }
            #expect(ops == Array(replica.ops.prefix(Int(seq))))
        }
        let counts = try test.store.read { db in
            (
                try Int.fetchOne(db, sql: "SELECT count(*) FROM segment"),
                try Int.fetchOne(db, sql: "SELECT sum(ops) FROM segment")
            )
        }
        #expect(try #require(counts.0) < 10, "small segments are merged")
        #expect(counts.1 == 72)
    }

    private func replica(_ seed: UInt64 = 7, in log: UInt64 = 1, upTo last: UInt64) -> TestReplica {
        var replica = TestReplica(seed: seed, log: logNumbered(log))
        replica.write(upTo: last)
        return replica
    }
}
