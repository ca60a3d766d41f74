import FikaCRDT
import FikaLog
import FikaTestSupport
import Testing

/// The load of the benchmarks has the proportions that it names, and is real.
struct LoadTests {
    @Test func `the load has its proportions`() {
        var load = LoadOps(messages: 20_000)
        var count = 0
        while load.next() != nil { count += 1 }
        let messages = load.count(.message) + load.count(.poll)
        #expect(messages == 20_000)
        func share(_ action: LoadAction, of whole: Int = 20_000) -> Double {
            Double(load.count(action)) / Double(whole)
        }
        #expect(abs(share(.poll) - 0.002) < 0.001)
        #expect(abs(share(.edit) - 0.08) < 0.008)
        #expect(abs(share(.delete) - 0.02) < 0.003)
        #expect(abs(share(.reaction) - 0.30) < 0.015)
        #expect(abs(share(.takeBack, of: load.count(.reaction)) - 0.12) < 0.015)
        #expect(abs(share(.pin) - 0.01) < 0.002)
        #expect((3.0...15.0).contains(share(.vote, of: load.count(.poll))))
        #expect(abs(Double(count) / 20_000 - 1.464) < 0.02)
    }

    @Test func `the load is the same for the same seed and another for another`() {
        func hashes(seed: UInt64) -> [Digest] {
            var load = LoadOps(messages: 200, seed: seed)
            var hashes: [Digest] = []
            while let next = load.next() { hashes.append(next.op.hash) }
            return hashes
        }
        #expect(hashes(seed: 1) == hashes(seed: 1))
        #expect(hashes(seed: 1) != hashes(seed: 2))
    }

    @Test func `the load's segments verify, come in the order of time and hold every op once`()
        throws
    {
        var ops = LoadOps(messages: 3000)
        var expected = 0
        while ops.next() != nil { expected += 1 }
        var load = LoadSegments(messages: 3000)
        var log = MemoryLog()
        var count = 0
        var latest = HybridTime.zero
        while let sealed = load.next() {
            let received = try SealedSegment(bytes: sealed.bytes)
            let verified = try SegmentVerifier.verify(received) {
                log.card(of: $0, in: received.segment.log)
            }
            count += try log.append(verified).newRows.count
            for row in received.segment.rows {
                #expect(row.time > latest)
                latest = row.time
            }
        }
        #expect(count == expected)
    }
}
