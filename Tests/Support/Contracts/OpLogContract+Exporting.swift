import FikaSimulation
import FikaCRDT
import FikaLog
import Testing

extension OpLogContract {
    /// All segments of an export.
    func export(
        _ log: Log, _ id: LogID, standsAlone: @escaping (ReplicaID) -> Bool = { _ in false }
    ) throws -> [SealedSegment] {
        var exporter = try SegmentExporter(id, of: log, standsAlone: standsAlone)
        var segments: [SealedSegment] = []
        while let segment = try exporter.next() { segments.append(segment) }
        return segments
    }

    /// Imports what was exported, in the order of the seed, and expects the same log.
    @discardableResult
    func expectCopy(of log: Log, _ id: LogID, seed: UInt64 = 1) throws -> [SealedSegment] {
        let segments = try export(log, id)
        var generator = SplitMix64(seed: seed)
        var copy = try make()
        for segment in segments.shuffled(using: &generator) {
            #expect(segment.segment.rows.count <= Limits.segmentOpsMaximum)
            #expect(segment.block.count <= Limits.segmentBytesMaximum)
            // Each verifies by itself, so that any of them may come first or be lost.
            _ = try segment.verified()
            try append(segment, to: &copy)
        }
        #expect(try LogDump(of: copy) == LogDump(of: log))
        return segments
    }

    func checkExportGivesEqualDump() throws {
        var log = try make()
        let first = replica(1, upTo: 150)
        let second = replica(2, upTo: 3000)
        try append(first.segment(ofRanges: [1...3, 7...9, 80...90], sealedAt: 95), to: &log)
        try append(second.segment(1...900), to: &log)
        try append(second.segment(905...1700, sealedAt: 1728), to: &log)
        try append(second.segment(2000...3000, erasing: [2000, 2500]), to: &log)
        let segments = try expectCopy(of: log, first.log)
        let count = segments.reduce(0) { $0 + $1.segment.rows.count }
        #expect(count == 2714)
        #expect(segments.count <= 4, "segments are filled")
    }

    /// A window of ops that was read ends where it ends, not where a stretch does.
    func checkExportOfLongRange() throws {
        var log = try make()
        let replica = replica(upTo: 2100)
        for range in [1...1024, 1025...2048, 2049...2100] as [ClosedRange<UInt64>] {
            try append(replica.segment(range), to: &log)
        }
        let segments = try expectCopy(of: log, replica.log)
        #expect(segments.map(\.segment.rows.count) == [1024, 1024, 52])
    }

    func checkExportKeepsLimits() throws {
        var log = try make()
        for seed in 1...1050 as ClosedRange<UInt64> {
            let replica = replica(seed, upTo: seed.isMultiple(of: 100) ? 130 : 1)
            try append(replica.segment(1...replica.last), to: &log)
        }
        let segments = try expectCopy(of: log, logNumbered(1))
        #expect(segments.count <= 5)
        #expect(try log.replicas(of: logNumbered(1)).count == 1050)
    }

    func checkExportOfBigBodies() throws {
        var log = try make()
        var replica = replica(upTo: 1)
        var generator = SplitMix64(seed: 3)
        let body = generator.bytes(count: Limits.bodyBytesMaximum...Limits.bodyBytesMaximum)
        while replica.last < 200 { replica.write(Kind(10), body: body) }
        for segment in replica.segments { try append(segment, to: &log) }
        let segments = try expectCopy(of: log, replica.log)
        // Fifteen bodies a segment, whatever lies between them and the next seal.
        let counts = segments.map(\.segment.rows.count)
        #expect(counts.reduce(0, +) == 200)
        #expect(counts.allSatisfy { $0 <= 16 } && counts.count(where: { $0 >= 15 }) >= 10)
        #expect(segments.contains { !$0.proofs[0].tail.isEmpty })
    }

    func checkImportsStandAlone() throws {
        var log = try make()
        let replicas = (1...4).map { replica(UInt64($0), upTo: 100) }
        for replica in replicas { try append(replica.segment(1...100), to: &log) }
        let loners: Set = [replicas[0].id, replicas[2].id]
        let segments = try export(log, logNumbered(1), standsAlone: { loners.contains($0) })
        let count = segments.reduce(0) { $0 + $1.segment.rows.count }
        #expect(count == 400)
        for segment in segments {
            let writers = Set(
                segment.segment.runs.map { segment.segment.replicas[Int($0.replica)] })
            #expect(writers.isDisjoint(with: loners) || writers.count == 1)
        }
    }
}
