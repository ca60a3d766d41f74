import FikaCRDT
import FikaLog
import FikaTestSupport
import Testing

@Suite struct VerificationTests {
    private func replica(ops: UInt64 = 200) -> TestReplica {
        var replica = TestReplica(seed: 7, log: logNumbered(1))
        replica.write(upTo: ops)
        return replica
    }

    @Test(arguments: [1, 2, 63, 64, 65, 128, 1023, 1024, 1025] as [UInt64])
    func `S1: a whole chain as handed over verifies`(count: UInt64) throws {
        let replica = replica(ops: count)
        var known: [ReplicaID: Card] = [:]
        var ops: [Op] = []
        var end = replica.chains[0]
        for segment in replica.segments {
            let verified = try SegmentVerifier.verify(segment, known: { known[$0] })
            for card in verified.newCards { known[card.replica] = card }
            ops += verified.segment.ops
            #expect(verified.runs.map(\.before) == [end])
            end = verified.runs[0].end
        }
        #expect(ops == replica.ops)
        #expect(end == replica.chains[Int(count)])
        #expect(known == [replica.id: replica.card])
    }

    @Test func `S2: a device seals at 1, at each multiple of 64 and at the end`() throws {
        let segments = replica(ops: 200).segments
        #expect(segments.count == 1)
        #expect(segments[0].proofs[0].seals.map(\.seq) == [1, 64, 128, 192, 200])
    }

    @Test(arguments: [(2, 5), (64, 64), (65, 128), (60, 70), (130, 199)] as [(UInt64, UInt64)])
    func `S2: a range that starts mid-chain verifies with its card`(
        first: UInt64, last: UInt64
    ) throws {
        let replica = replica()
        let verified = try replica.segment(first...last).verified()
        #expect(verified.newCards == [replica.card])
        #expect(verified.runs[0].before == replica.chains[Int(first) - 1])
        #expect(verified.runs[0].end == replica.chains[Int(last)])
        #expect(verified.segment.ops == Array(replica.ops[Int(first) - 1..<Int(last)]))
    }

    @Test func `S2: a range that ends before its seal verifies by its tail`() throws {
        let replica = replica()
        let verified = try replica.segment(65...65, sealedAt: 128).verified()
        #expect(verified.runs[0].tail == replica.ops[65..<128].map(\.hash))
        #expect(verified.runs[0].end == replica.chains[65])
        #expect(verified.runs[0].sealedLast == 128)
    }

    @Test func `S2: several ranges of a replica verify in one segment`() throws {
        let replica = replica()
        let sealed = replica.segment(ofRanges: [1...3, 10...12, 66...70], sealedAt: 80)
        let verified = try sealed.verified()
        #expect(verified.runs.map(\.first) == [1, 10, 66])
        #expect(verified.newCards == [replica.card])
    }

    @Test func `E2: an erased op still verifies, and its hash is the same`() throws {
        let replica = replica()
        let whole = try replica.segment(1...100).verified()
        let erased = try replica.segment(1...100, erasing: [2, 50, 100]).verified()
        #expect(erased.opHashes == whole.opHashes)
        #expect(erased.runs == whole.runs)
        #expect(erased.segment.ops[49].body == nil)
        #expect(
            erased.segment.ops[49].content
                == .erased(bodyHash: replica.ops[49].bodyHash, residue: [1, 2, 3]))
    }

    @Test func `a known replica needs no card, and its card is not new`() throws {
        let replica = replica()
        let sealed = replica.segment(2...5).with(cards: [])
        let verified = try SegmentVerifier.verify(
            sealed, known: { $0 == replica.id ? replica.card : nil })
        #expect(verified.newCards.isEmpty)
    }

    @Test func `claims are handed to the driver, who may check them as it likes`() throws {
        let replica = replica()
        let sealed = replica.segment(2...130)
        var count = 0
        _ = try SegmentVerifier.verify(
            sealed, known: { _ in nil },
            check: {
                count = $0.count
                return nil
            })
        #expect(count == 4, "the card's, and the seals at 64, 128 and 130")
        #expect(throws: LogError.badSeal(replica.id, seq: 128)) {
            try SegmentVerifier.verify(sealed, known: { _ in nil }, check: { _ in 2 })
        }
    }
}
