import FikaSimulation
import FikaCRDT
import FikaLog
import Testing

/// A range of one replica's seqs, as an export is asked for it.
private typealias AskedRange = (replica: ReplicaID, seqs: ClosedRange<UInt64>)

extension OpLogContract {
    private func export(
        _ ranges: [AskedRange], of log: Log, _ id: LogID, withCards: Bool = false
    ) throws -> [SealedSegment] {
        var exporter = try RangeExporter(
            log: id, of: log, ranges: ranges, withCards: withCards)
        var segments: [SealedSegment] = []
        while let segment = try exporter.next() { segments.append(segment) }
        return segments
    }

    func checkRangesJoin() throws {
        let replicas = (1...3).map { replica($0, upTo: 300) }
        forAll(count: 25) { generator in
            var log = try make()
            for replica in replicas {
                for _ in 0..<3 {
                    let first = generator.number(in: 1...300 as ClosedRange<UInt64>)
                    let last = min(300, first + generator.number(in: 0...150))
                    let permanent = min(300, Seal.nextPermanent(after: last - 1))
                    let sealed = replica.segment(
                        first...last, sealedAt: generator.number(in: last...permanent),
                        erasing: first > 1 ? [first] : [])
                    try append(sealed, to: &log)
                }
            }
            let ranges = generator.array(count: 1...12) { generator in
                let first = generator.number(in: 0...310 as ClosedRange<UInt64>)
                let length = generator.number(in: 0...(generator.bool() ? 2 : 200)) as UInt64
                return (generator.pick(replicas).id, first...(first + length))
            }
            try expectExport(of: ranges, from: log, replicas: replicas, generator: &generator)
        }
    }

    /// Expects that a holder of the introductions gets the held ops of the ranges, whatever the
    /// order of the segments, and that they join what it has.
    private func expectExport(
        of ranges: [AskedRange], from log: Log, replicas: [TestReplica],
        generator: inout SplitMix64
    ) throws {
        let id = logNumbered(1)
        var copy = try make()
        for replica in replicas { try append(replica.segment(1...1), to: &copy) }
        let bare = try export(ranges, of: log, id)
        #expect(bare.flatMap(\.cards).isEmpty)
        for segment in bare.shuffled(using: &generator) { try append(segment, to: &copy) }
        let full = try export(ranges, of: log, id, withCards: true)
        #expect(full.map(\.block) == bare.map(\.block))
        for segment in full { _ = try segment.verified() }
        for replica in replicas {
            let asked = IntervalSet(ranges.filter { $0.replica == replica.id }.map(\.seqs))
            let held = try log.have(of: replica.id, in: id).seqs
            let wanted = asked.subtracting(asked.subtracting(held)).union(IntervalSet([1...1]))
            let have = try copy.have(of: replica.id, in: id)
            #expect(have.seqs == wanted)
            for interval in have.intervals {
                #expect(interval.before == replica.chains[Int(interval.first - 1)])
                #expect(interval.end == replica.chains[Int(interval.last)])
            }
        }
    }

    func checkRangesKeepLimits() throws {
        var log = try make()
        let one = replica(1, upTo: 2500)
        let two = replica(2, upTo: 10)
        for range in [1...1024, 1025...2048, 2049...2500] as [ClosedRange<UInt64>] {
            try append(one.segment(range), to: &log)
        }
        try append(two.segment(1...10), to: &log)
        let segments = try export(
            [(two.id, 3...4), (one.id, 5...2500), (two.id, 1...2)], of: log, one.log)
        #expect(segments.map(\.segment.rows.count) == [1022, 1024, 454])
        let cut = segments.dropLast().flatMap(\.proofs).filter { !$0.tail.isEmpty }
        #expect(cut.count <= 1, "a long range is cut at a permanent seal")
        #expect(try export([], of: log, one.log).isEmpty)
        #expect(try export([(one.id, 2501...9000)], of: log, one.log).isEmpty)
        #expect(try export([(one.id, 1...UInt64.max)], of: log, one.log).count == 3)
        #expect(try export([(replicaNumbered(9), 1...3)], of: log, one.log).isEmpty)
    }

    /// A relay hands out in the order of positions: many short ranges that lie across.
    func checkWovenRangesAreFew() throws {
        var log = try make()
        let replicas = [replica(1, upTo: 60), replica(2, upTo: 60)]
        for replica in replicas { try append(replica.segment(1...60), to: &log) }
        let ranges = (2...60 as ClosedRange<UInt64>).flatMap { seq in
            replicas.map { ($0.id, seq...seq) as AskedRange }
        }
        let segments = try export(ranges, of: log, logNumbered(1))
        #expect(segments.map(\.segment.runs.count) == [2])
        #expect(segments.map(\.segment.rows.count) == [118])
    }
}
