import FikaSimulation
import FikaCRDT
import FikaLog
import FikaSync
import FikaTestSupport
import FikaWire
import Testing

@Suite struct FrameLimitTests {
    private func decoded(
        _ bytes: [UInt8], limit: FrameLimit = .full
    ) throws(FrameError) -> Frame? {
        var decoder = FrameDecoder(limit: limit)
        decoder.append(bytes)
        return try decoder.next()?.frame
    }

    private func lengthBytes(_ length: UInt64) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(varint: length)
        return writer.bytes
    }

    @Test(arguments: [FrameLimit.handshake, .full])
    func `Y1: a length is taken up to its limit and refused before a byte follows`(
        limit: FrameLimit
    ) throws {
        let maximum = UInt64(limit.byteCount)
        #expect(try decoded(lengthBytes(maximum), limit: limit) == nil)
        for length in [maximum + 1, maximum * 2, 1 << 31, 1 << 34] {
            do {
                _ = try decoded(lengthBytes(length), limit: limit)
                Issue.record("a length of \(length) was taken")
            } catch FrameError.tooLarge(let stated, let allowed) {
                // The bytes that put it above the limit suffice.
                #expect(stated > maximum && stated <= length)
                #expect(allowed == maximum)
            }
        }
        #expect(throws: FrameError.self) {
            try decoded([UInt8](repeating: 0x80, count: 10), limit: limit)
        }
        #expect(throws: FrameError.malformed(.malformedVarint(offset: 0))) {
            try decoded([0], limit: limit)
        }
        #expect(FrameError.tooLarge(length: 2, limit: 1).code == .tooLarge)
        #expect(FrameError.malformed(.truncated(offset: 1)).code == .malformed)
    }

    @Test func `the largest frame comes whole`() throws {
        let count = Limits.frameBytesMaximum - 1 - 18
        let frame = Frame.batch(
            Batch(
                log: logNumbered(1), placements: [],
                segment: [UInt8](repeating: 7, count: count)))
        let bytes = frame.encode()
        #expect(bytes.count == Limits.frameBytesMaximum + 4)
        #expect(try decoded(bytes) == frame)
    }

    @Test func `Y1: the limit of a handshake is lifted between two frames`() throws {
        var generator = SplitMix64(seed: 2)
        let large = Frame.batch(
            Batch(
                log: logNumbered(1), placements: [],
                segment: generator.bytes(count: 9000...9000)))
        let bytes = Frame.ping(1).encode() + large.encode()
        var decoder = FrameDecoder()
        decoder.append(bytes)
        #expect(try decoder.next()?.frame == .ping(1))
        decoder.limit = .full
        #expect(try decoder.next()?.frame == large)
        var strict = FrameDecoder()
        strict.append(bytes)
        #expect(try strict.next()?.frame == .ping(1))
        #expect(throws: FrameError.self) { try strict.next() }
        #expect(strict.bufferedCount == 0, "nothing is kept after an error")
    }

    private static let log = logNumbered(1).bytes
    private static let replica = replicaNumbered(1).bytes

    /// Counts with little behind them: the type, the body before the count, the limit.
    private static let counts: [(FrameType, [UInt8], Int)] = [
        (.cursors, [], Limits.cursorsMaximum),
        (.names, log + [1], Limits.namesMaximum),
        (.placed, log, Limits.placementsMaximum),
        (.batch, log, Limits.placementsMaximum),
        (.want, [1] + log + replica, Limits.wantRangesMaximum),
        (.haves, log + [0], Limits.havesReplicasMaximum),
        (.haves, log + [0, 1] + replica, Limits.havesIntervalsMaximum),
    ]

    @Test(arguments: counts.indices)
    func `counts that lie are refused before room is made for them`(index: Int) {
        let (type, start, limit) = Self.counts[index]
        // One replica with an interval may follow, but not as many as are counted.
        let few = [UInt8](repeating: 1, count: 64)
        for count in [UInt64(limit) + 1, UInt64(limit) * 1000, .max] {
            let error = WireError.aboveLimit(
                offset: start.count, value: count, limit: UInt64(limit))
            #expect(throws: error) {
                try Frame(type: type, body: start + lengthBytes(count) + few)
            }
        }
        // At the limit it is the bytes that are missing.
        #expect {
            try Frame(type: type, body: start + lengthBytes(UInt64(limit)) + few)
        } throws: { error in
            guard case WireError.truncated = error else { return false }
            return true
        }
    }

    /// A number at its limit, in a body of which it is the last field.
    private static let numbers: [(FrameType, [UInt8], UInt64)] = [
        (.credit, [], Limits.creditBytesMaximum),
        (.goodbye, [], Limits.retryMillisecondsMaximum),
        (.synced, [], HybridTime.millisecondsMaximum),
        (.status, log + [0, 1], Limits.positionMaximum),
        (.page, [1] + log + [UInt8](repeating: 0, count: 8), UInt64(Limits.pageOpsMaximum)),
        (.positions, [1] + log + [1], UInt64(Limits.positionsMaximum) - 1),
        (.want, [1] + log + replica + [1], Limits.seqMaximum),
        (.refusal, log + replica + [1, 0, 1], Limits.seqMaximum),
        (.ephemeral, log + [1, 0x65, 1], Limits.ephemeralMillisecondsMaximum),
    ]

    @Test(arguments: numbers.indices)
    func `numbers are taken up to their limits`(index: Int) throws {
        let (type, start, limit) = Self.numbers[index]
        // What follows the number, where something does.
        let end: [UInt8] = type == .want || type == .refusal ? [0] : []
        let frame = try Frame(type: type, body: start + lengthBytes(limit) + end)
        #expect(frame.type == type)
        for above in [limit + 1, limit * 2, .max] {
            #expect(throws: WireError.self, "\(type): \(above)") {
                try Frame(type: type, body: start + lengthBytes(above) + end)
            }
        }
    }

    @Test func `bytes are taken up to their limits`() throws {
        let texts: [(FrameType, [UInt8], Int)] = [
            (.failure, [1], Limits.reasonBytesMaximum),
            (.ephemeral, Self.log + [1, 0x65, 1, 0], Limits.ephemeralBytesMaximum),
        ]
        for (type, start, limit) in texts {
            func body(_ count: Int) -> [UInt8] {
                let length = type == .failure ? lengthBytes(UInt64(count)) : []
                return start + length + [UInt8](repeating: 0x61, count: count)
            }
            #expect(try Frame(type: type, body: body(limit)).type == type)
            for count in [limit + 1, limit * 10] {
                #expect(throws: WireError.self) { try Frame(type: type, body: body(count)) }
            }
        }
        var generator = SplitMix64(seed: 1)
        guard case .hello(var hello) = generator.frame(of: .hello),
            case .brief(var brief) = generator.frame(of: .brief)
        else { return }
        brief.bodyLog = nil
        for (count, isTaken) in [(0, true), (1, false), (1000, false)] {
            hello.token = [UInt8](repeating: 1, count: Limits.tokenBytesMaximum + count)
            let tokenBody = Frame.hello(hello).body
            brief.body = [UInt8](repeating: 1, count: Limits.bodyBytesMaximum + count)
            let briefBody = Frame.brief(brief).body
            let helloTaken = (try? Frame(type: .hello, body: tokenBody)) != nil
            let briefTaken = (try? Frame(type: .brief, body: briefBody)) != nil
            #expect(helloTaken == isTaken && briefTaken == isTaken)
        }
        brief.bodyLog = 1
        brief.body = [UInt8](repeating: 1, count: Limits.bodyBytesMaximum - 15)
        #expect(throws: WireError.self, "the log's id counts") {
            try Frame(type: .brief, body: Frame.brief(brief).body)
        }
    }

    @Test func `what has to rise and does not is malformed`() throws {
        let cursor = LogCursor(log: logNumbered(1), position: 1, runningPrefix: 2)
        let have = Haves.ReplicaIntervals(
            replica: replicaNumbered(1),
            intervals: [Haves.Interval(seqs: 1...2, end: Hashes.digest([]))])
        let frames: [Frame] = [
            .cursors([cursor, cursor]),
            .haves(Haves(log: logNumbered(1), head: nil, replicas: [have, have])),
        ]
        for frame in frames {
            #expect(throws: WireError.self) { try Frame(type: frame.type, body: frame.body) }
        }
        // Ranges that touch: 1...2, then a gap of 1.
        #expect(throws: WireError.unknownValue(offset: 36, value: 1)) {
            try Frame(type: .want, body: [1] + Self.log + Self.replica + [2, 1, 1, 1, 0])
        }
        // A replica that no placement names, and one that is not there.
        let placement: [UInt8] = [1, 1, 1, 0]
        #expect(throws: WireError.self) {
            try Frame(
                type: .placed,
                body: Self.log + [2, 2] + Self.replica + replicaNumbered(2).bytes + [0]
                    + placement + [0] + placement)
        }
        #expect(throws: WireError.unknownValue(offset: 34, value: 1)) {
            try Frame(type: .placed, body: Self.log + [1, 1] + Self.replica + [1] + placement)
        }
    }
}
