import FikaCRDT
import FikaLog
import FikaTestSupport
import Testing

/// How many signatures are checked: one for each that is not held.
struct CountsSealTests {
    @Test func `S2: each seal of a load is checked once, however many segments it vouches for`()
        throws
    {
        var load = LoadSegments(messages: 3000, opsPerSegment: 256)
        var log = MemoryLog()
        var checked = 0
        var brought = 0
        while let sealed = load.next() {
            brought += sealed.proofs.reduce(0) { $0 + $1.seals.count }
            checked += try append(sealed, to: &log)
        }
        let opsByAuthor = load.ops.authors.map { log.have(of: $0.replica, in: load.ops.log) }
        let seals = opsByAuthor.reduce(0) { count, have in
            let last = have.intervals.last?.last ?? 0
            let own = UInt64(Limits.sealDistanceMaximum)
            return count + 1 + Int(last / own) + (last % own > 0 ? 1 : 0)
        }
        #expect(checked <= seals)
        #expect(brought > 2 * checked)
    }

    @Test func `S2: a seal that is held vouches for no other chain`() throws {
        var load = LoadSegments(messages: 300)
        let first = load.next()
        let sealed = try #require(first)
        var log = MemoryLog()
        _ = try append(sealed, to: &log)
        // The same seals over a chain in which one op has another time.
        var builder = SegmentBuilder(log: sealed.segment.log)
        for (index, row) in sealed.segment.rows.enumerated() {
            var row = row
            if index == 60 { row.time = row.time.next }
            builder.append(row, of: sealed.segment)
        }
        let block = builder.block()
        let forged = SealedSegment(
            block: block, segment: try Segment(block: block), cards: sealed.cards,
            proofs: sealed.proofs)
        #expect(throws: LogError.self) { _ = try append(forged, to: &log) }
    }

    /// Verifies and appends a segment; gives how many signatures were checked.
    private func append(_ sealed: SealedSegment, to log: inout MemoryLog) throws -> Int {
        var checked = 0
        let held = log
        let id = sealed.segment.log
        let verified = try SegmentVerifier.verify(
            sealed, known: { held.card(of: $0, in: id) },
            holds: { replica, seal in
                held.seals(of: replica, in: id, seqs: seal.seq...seal.seq) == [seal]
            },
            check: {
                checked = $0.count
                return $0.firstIndex { !$0.isValid }
            })
        _ = try log.append(verified)
        return checked
    }
}
