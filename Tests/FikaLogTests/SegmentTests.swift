import FikaSimulation
import FikaCRDT
import FikaLog
import FikaTestSupport
import FikaWire
import Testing

@Suite struct SegmentTests {
    /// Ops of two replicas with all that a row may carry.
    private func ops(_ generator: inout SplitMix64, count: Int) -> [Op] {
        var next: [ReplicaID: UInt64] = [:]
        return (0..<count).map { _ in
            let replica = generator.replica(among: 3)
            let step: UInt64 = generator.oneIn(6) ? generator.number(in: 2...9) : 1
            let seq = next[replica, default: 0] + step
            next[replica] = seq
            let salt = generator.bool() ? Salt(using: &generator) : nil
            let op = Op(
                kind: Kind(UInt16(truncatingIfNeeded: generator.magnitude())),
                id: OpID(log: logNumbered(1), replica: replica, seq: seq),
                time: time(&generator),
                target: generator.bool() ? dot(&generator) : nil,
                origin: generator.oneIn(3)
                    ? Origin(dot: dot(&generator), bodyHash: Hashes.digest([1])) : nil,
                content: .body(generator.bytes(count: 0...20), salt: salt))
            return generator.oneIn(5)
                ? op.erased(residue: generator.bytes(count: 0...8)) : op
        }
    }

    private func dot(_ generator: inout SplitMix64) -> Dot {
        let seq = generator.magnitude() % Limits.seqMaximum + 1
        return Dot(replica: generator.replica(among: 6), seq: seq)
    }

    private func time(_ generator: inout SplitMix64) -> HybridTime {
        let edges: [HybridTime] = [.zero, .maximum, HybridTime(raw: 1), HybridTime(raw: 0xFFFF)]
        if generator.oneIn(6) { return generator.pick(edges) }
        return HybridTime(
            milliseconds: 1_700_000_000_000 + generator.number(in: 0...3),
            counter: generator.number(in: 0...2))
    }

    private func block(_ ops: some Sequence<Op>) -> [UInt8] {
        var builder = SegmentBuilder(log: logNumbered(1))
        for op in ops { builder.append(op) }
        return builder.block()
    }

    @Test func `any ops come back from a block as they were`() {
        forAll(count: 400) { generator in
            let ops = ops(&generator, count: generator.number(in: 1...40))
            let segment = try Segment(block: block(ops))
            #expect(segment.ops == ops)
            #expect(segment.rows.map(segment.opHash) == ops.map(\.hash))
        }
    }

    /// A row that is left out may have made the heads of later ones short: it named a replica's
    /// latest seq, and its time was one tick before theirs.
    @Test func `rows cut out of the largest segment fit into a segment`() throws {
        func block(bodyBytes: Int, without others: Bool) -> [UInt8] {
            var builder = SegmentBuilder(log: logNumbered(1))
            var raw = HybridTime(milliseconds: 1_700_000_000_000, counter: 20_000).raw
            func append(_ id: OpID, target: Dot?, body: [UInt8]) {
                raw += 1
                guard !others || id.dot.replica.high == 1 else { return }
                builder.append(
                    Op(
                        kind: Kind(50), id: id, time: HybridTime(raw: raw), target: target,
                        content: .body(body, salt: nil)))
            }
            for number in 1...400 as ClosedRange<UInt64> {
                let other = ReplicaID(high: 2, low: number)
                let dot = Dot(replica: other, seq: 1 << 31)
                append(OpID(log: builder.log, dot: dot), target: nil, body: [])
                let id = OpID(
                    log: builder.log, replica: ReplicaID(high: 1, low: 1), seq: number)
                let isLarge = number <= 14
                append(
                    id, target: dot,
                    body: [UInt8](
                        repeating: 0,
                        count: isLarge
                            ? Limits.bodyBytesMaximum
                            : number == 15 ? min(bodyBytes, Limits.bodyBytesMaximum) : 0))
            }
            return builder.block()
        }
        // The largest that decodes, found by halving.
        var (good, bad) = (0, Limits.bodyBytesMaximum + 1)
        while bad - good > 1 {
            let middle = (good + bad) / 2
            if (try? Segment(block: block(bodyBytes: middle, without: false))) == nil {
                bad = middle
            } else {
                good = middle
            }
        }
        #expect(bad <= Limits.bodyBytesMaximum, "the limit is reached")
        let cut = try Segment(block: block(bodyBytes: good, without: true))
        #expect(cut.rows.count == 400)
    }

    @Test func `B1: regrouping and renumbering rows never change a hash`() {
        forAll(count: 200) { generator in
            let ops = ops(&generator, count: 30)
            let hashes = Dictionary(uniqueKeysWithValues: ops.map { ($0.id, $0.hash) })
            let whole = try Segment(block: block(ops))
            // By replica, so that indices, runs, times and references are all others.
            let rows = whole.rows.sorted {
                let (left, right) = (whole.dot($0), whole.dot($1))
                return left.replica != right.replica
                    ? right.replica < left.replica : left.seq < right.seq
            }
            let cut = generator.number(in: 1..<30)
            for part in [rows[..<cut], rows[cut...]] {
                var builder = SegmentBuilder(log: whole.log)
                for row in part { builder.append(row, of: whole) }
                let again = try Segment(block: builder.block())
                for row in again.rows {
                    let id = OpID(log: again.log, dot: again.dot(row))
                    #expect(again.opHash(row) == hashes[id])
                }
            }
        }
    }

    @Test func `B1: recompressing never changes a hash`() throws {
        var replica = TestReplica(seed: 1, log: logNumbered(1))
        replica.write(upTo: 60)
        let block = block(replica.ops)
        #expect(block[1] == 1, "so many alike are compressed")
        let segment = try Segment(block: block)
        // The same rows as they are: flags 0, and the raw bytes instead of the frame.
        var reader = unsafe ByteReader(block.span.bytes)
        _ = try reader.take(19 + 1 + 16 + 1 + 1 + 1 + 1)
        let start = reader.offset
        let (heads, bodies) = (try reader.readVarint(), try reader.readVarint())
        let counts = Array(block[start..<reader.offset])
        let frame = try reader.readCounted(limit: block.count)
        let raw = try Zstd.decompress(frame, count: Int(heads + bodies), offset: 0)
        for stored in [raw, Zstd.compress(raw, level: 19)] {
            var writer = ByteWriter()
            writer.write(bytes: block[..<start])
            writer.write(bytes: counts)
            writer.write(counted: stored)
            writer.write(bytes: block[reader.offset...])
            var bytes = writer.bytes
            bytes[1] = stored == raw ? 0 : 1
            let again = try Segment(block: bytes)
            #expect(again.rows.map(again.opHash) == segment.rows.map(segment.opHash))
            #expect(again.ops == replica.ops)
        }
    }

    @Test func `a sealed segment comes back from its bytes as it was`() throws {
        var replica = TestReplica(seed: 1, log: logNumbered(1))
        replica.write(upTo: 300)
        for sealed in [
            replica.segment(1...300), replica.segment(60...66),
            replica.segment(ofRanges: [2...9, 70...71], sealedAt: 128, erasing: [70]),
        ] {
            let again = try SealedSegment(bytes: sealed.bytes)
            #expect(again.block == sealed.block)
            #expect(again.cards == sealed.cards)
            #expect(again.proofs == sealed.proofs)
            #expect(again.segment.ops == sealed.segment.ops)
            #expect(again.bytes == sealed.bytes)
        }
    }

    @Test func `the ops of a segment are limited to 1024`() throws {
        var replica = TestReplica(seed: 1, log: logNumbered(1))
        replica.write(upTo: 1024)
        var builder = SegmentBuilder(log: replica.log)
        for op in replica.ops {
            #expect(builder.hasRoom(forBody: 10))
            builder.append(op)
        }
        #expect(!builder.hasRoom(forBody: 0))
        #expect(try Segment(block: builder.block()).rows.count == 1024)
        let start = [1, 0] + [UInt8](repeating: 7, count: 16) + [0, 1]
        let header = start + [UInt8](repeating: 1, count: 16) + [1, 0, 2]
        let error = WireError.aboveLimit(offset: 39, value: 1025, limit: 1024)
        #expect(throws: LogError.malformed(error)) { try Segment(block: header + [0x81, 8]) }
    }

    @Test func `a body of 65536 bytes is taken, one of a byte more is not`() throws {
        let dot = Dot(replica: replicaNumbered(1), seq: Limits.seqMaximum)
        let op = Op(
            kind: Kind(10), id: OpID(log: logNumbered(1), dot: dot), time: .maximum,
            content: .body([UInt8](repeating: 1, count: Limits.bodyBytesMaximum), salt: nil))
        let block = block([op])
        #expect(try Segment(block: block).ops == [op])
        let head: [UInt8] = [10, 0x21] + [0, 0, 0x81, 0x80, 4]
        let start = [1, 0] + [UInt8](repeating: 7, count: 16) + [0, 1]
        var writer = ByteWriter()
        writer.write(bytes: start + [UInt8](repeating: 1, count: 16) + [1, 0, 2, 1])
        writer.write(varint: UInt64(head.count))
        writer.write(varint: 65537)
        writer.write(counted: head + [UInt8](repeating: 1, count: 65537))
        let error = WireError.aboveLimit(offset: 4, value: 65537, limit: 65536)
        #expect(throws: LogError.malformed(error)) { try Segment(block: writer.bytes) }
    }

    @Test func `the highest seq is taken, the next one is not`() throws {
        func block(first: UInt64, count: UInt8) -> [UInt8] {
            var writer = ByteWriter()
            let start = [1, 0] + [UInt8](repeating: 7, count: 16) + [0, 1]
            writer.write(bytes: start + [UInt8](repeating: 1, count: 16) + [1, 0])
            writer.write(varint: first)
            writer.write(bytes: count == 1 ? [1, 4, 0, 4, 0, 1, 0, 0] : [2, 7, 0, 7])
            if count == 2 { writer.write(bytes: [0, 1, 0, 0, 0, 0, 0]) }
            return writer.bytes
        }
        let last = Limits.seqMaximum
        #expect(try Segment(block: block(first: last, count: 1)).ops.map(\.id.dot.seq) == [last])
        #expect(throws: LogError.malformed(.unknownValue(offset: 43, value: 2))) {
            try Segment(block: block(first: last, count: 2))
        }
        #expect(
            throws: LogError.malformed(
                .aboveLimit(offset: 38, value: last + 1, limit: last))
        ) { try Segment(block: block(first: last + 1, count: 1)) }
    }
}
