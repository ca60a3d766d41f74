import FikaCRDT
import FikaLog
import Testing

extension OpLogContract {
    func checkEmptyHoldsNothing() throws {
        let log = try make()
        let replica = replica(upTo: 1)
        #expect(try log.logs().isEmpty)
        #expect(try log.replicas(of: replica.log).isEmpty)
        #expect(try log.card(of: replica.id, in: replica.log) == nil)
        #expect(try log.have(of: replica.id, in: replica.log) == ReplicaHave())
        #expect(try log.seals(of: replica.id, in: replica.log, seqs: 1...100).isEmpty)
        #expect(try log.ops(of: replica.id, in: replica.log, seqs: 1...100).isEmpty)
        var exporter = try SegmentExporter(replica.log, of: log)
        #expect(try exporter.next() == nil)
    }

    func checkAppendIsIdempotent() throws {
        var log = try make()
        let replica = replica(upTo: 70)
        let first = try append(replica.segment(1...70), to: &log)
        #expect(first == AppendReport(newRows: Array(0..<70), heldCount: 0))
        let dump = try LogDump(of: log)
        let second = try append(replica.segment(1...70), to: &log)
        #expect(second == AppendReport(newRows: [], heldCount: 70))
        #expect(try LogDump(of: log) == dump)
        #expect(try log.ops(of: replica.id, in: replica.log, seqs: 1...70) == replica.ops)
    }

    func checkOverlapsAddWhatIsMissing() throws {
        var log = try make()
        let replica = replica(upTo: 200)
        try append(replica.segment(10...20, sealedAt: 30), to: &log)
        try append(replica.segment(40...70), to: &log)
        let report = try append(replica.segment(15...100), to: &log)
        #expect(report.newRows == [Int](6..<25) + [Int](56..<86))
        #expect(report.heldCount == 6 + 31)
        let have = try log.have(of: replica.id, in: replica.log)
        #expect(
            have.intervals == [
                HaveInterval(
                    first: 10, last: 100, before: replica.chains[9], end: replica.chains[100])
            ])
        try append(replica.segment(1...9), to: &log)
        #expect(
            try log.have(of: replica.id, in: replica.log).intervals.map(\.before)
                == [replica.chains[0]])
    }

    func checkRangesAreAsked() throws {
        var log = try make()
        let replica = replica(upTo: 200)
        try append(replica.segment(1...100), to: &log)
        try append(replica.segment(120...150), to: &log)
        let id = replica.id
        func seqs(_ range: ClosedRange<UInt64>) throws -> [UInt64] {
            try log.ops(of: id, in: replica.log, seqs: range).map(\.id.dot.seq)
        }
        func sealed(_ range: ClosedRange<UInt64>) throws -> [UInt64] {
            try log.seals(of: id, in: replica.log, seqs: range).map(\.seq)
        }
        #expect(try seqs(99...121) == [99, 100, 120, 121])
        #expect(try seqs(101...119).isEmpty)
        #expect(try seqs(7...7) == [7])
        #expect(try sealed(1...200) == [1, 64, 100, 128, 150])
        #expect(try sealed(64...100) == [64, 100])
        #expect(try sealed(65...99).isEmpty)
        let seal = try #require(try log.seals(of: id, in: replica.log, seqs: 64...64).first)
        #expect(seal.chain == replica.chains[64])
        #expect(seal.seal == replica.seal(at: 64))
    }

    func checkLogsAreApart() throws {
        var log = try make()
        let replicas = [
            replica(1, in: 2, upTo: 5), replica(2, in: 1, upTo: 6), replica(3, in: 1, upTo: 7),
        ]
        for replica in replicas { try append(replica.segment(1...replica.last), to: &log) }
        #expect(try log.logs() == [logNumbered(1), logNumbered(2)])
        #expect(
            try log.replicas(of: logNumbered(1)) == [replicas[1].id, replicas[2].id].sorted())
        for replica in replicas {
            #expect(try log.card(of: replica.id, in: replica.log) == replica.card)
            #expect(try log.have(of: replica.id, in: replica.log).count == replica.last)
        }
        #expect(try log.card(of: replicas[0].id, in: logNumbered(1)) == nil)
        #expect(try log.ops(of: replicas[0].id, in: logNumbered(1), seqs: 1...9).isEmpty)
    }

    func checkTailsShorten() throws {
        let replica = replica(upTo: 64)
        let ranges: [(ClosedRange<UInt64>, UInt64)] = [(1...50, 64), (40...50, 55), (45...50, 50)]
        let orders: [([Int], [Int])] = [
            ([0, 1, 2], [14, 5, 0]), ([2, 1, 0], [0, 0, 0]), ([1, 0, 2], [5, 5, 0]),
        ]
        for (order, expected) in orders {
            var log = try make()
            var tails: [Int] = []
            for index in order {
                try append(replica.segment(ranges[index].0, sealedAt: ranges[index].1), to: &log)
                let have = try log.have(of: replica.id, in: replica.log)
                tails.append(try #require(have.intervals.last).tail.count)
            }
            #expect(tails == expected)
            #expect(try export(log, replica.log).flatMap(\.proofs).allSatisfy(\.tail.isEmpty))
        }
    }

    func checkUnknownKindsAreKept() throws {
        var log = try make()
        var replica = replica(upTo: 3)
        for kind in [7, 500, 0x4000, 0x7FFF, 0xFFFF] as [UInt16] {
            replica.write(
                Kind(kind), body: Array("bytes of \(kind)".utf8), target: replica.dot(2))
        }
        let sealed = replica.segment(1...replica.last)
        try append(sealed, to: &log)
        #expect(try log.ops(of: replica.id, in: replica.log, seqs: 4...8).count == 5)
        #expect(
            try log.ops(of: replica.id, in: replica.log, seqs: 1...replica.last) == replica.ops)
        #expect(try export(log, replica.log).map(\.bytes) == [sealed.bytes])
    }
}
