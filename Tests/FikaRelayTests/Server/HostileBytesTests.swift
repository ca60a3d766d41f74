import FikaSimulation
import FikaCRDT
import FikaLog
import FikaSync
import FikaTestSupport
import Testing

/// Strangers and members who send a relay bytes that are none of its protocol.
@Suite(.timeLimit(.minutes(2)), .serialized) struct HostileBytesTests {
    @Test(arguments: HostileBytes.fromStrangers)
    func `before the handshake`(hostile: HostileBytes) async throws {
        let served = try await ServedRoom()
        try await served.withstand { served in
            let stranger = try await served.connect()
            await stranger.send(hostile.bytes)
            #expect(try await stranger.lastWord() == hostile.code)
        }
        await served.close()
    }

    @Test(arguments: HostileBytes.fromMembers)
    func `after the handshake`(hostile: HostileBytes) async throws {
        let served = try await ServedRoom()
        try await served.withstand { served in
            let member = try await served.connect()
            try await member.join("emma", in: served.workspace)
            await member.send(hostile.bytes)
            #expect(try await member.lastWord() == hostile.code)
        }
        await served.close()
    }

    @Test func `64 KiB of anything end a connection before and after the handshake`() async throws {
        let served = try await ServedRoom()
        try await served.withstand { served in
            for seed in 1...40 as ClosedRange<UInt64> {
                var generator = SplitMix64(seed: seed)
                let isMember = seed.isMultiple(of: 2)
                let client = try await served.connect()
                if isMember {
                    try await client.join("omid", in: served.workspace)
                } else {
                    _ = try await client.welcome()
                }
                let bytes = (0..<65536).map { _ in
                    UInt8.random(in: .min ... .max, using: &generator)
                }
                await client.send(bytes)
                let expected = Self.code(of: bytes, limit: isMember ? .full : .handshake)
                // What may still be the start of a long frame ends with the connection.
                if expected == nil { await client.finish() }
                let last = try await client.lastWord()
                #expect(last == expected, "seed \(seed)")
            }
        }
        await served.close()
    }

    /// With which failure bytes end a connection; nil when more has to come.
    private static func code(of bytes: [UInt8], limit: FrameLimit) -> Failure.Code? {
        var decoder = FrameDecoder(limit: limit)
        decoder.append(bytes)
        do {
            return try decoder.next().map { _ in .unexpected }
        } catch {
            return error.code
        }
    }

    /// Flips a bit behind the length of a frame.
    private static func flip(_ bytes: inout [UInt8], using generator: inout SplitMix64) -> Int {
        let start = (bytes.firstIndex { $0 < 0x80 } ?? 0) + 1
        let place = Int.random(in: start..<bytes.count, using: &generator)
        bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        return place
    }

    @Test func `a hello cut short anywhere leaves nothing behind`() async throws {
        let served = try await ServedRoom()
        try await served.withstand { served in
            for part in 1...16 {
                let client = try await served.connect()
                _ = try await client.welcome()
                let hello = try client.hello("emma", in: served.workspace, seed: 5)
                let bytes = Frame.hello(hello).encode()
                await client.send(Array(bytes.prefix(bytes.count * part / 17)))
                await client.finish()
                #expect(try await client.next() == nil)
            }
        }
        await served.close()
    }

    @Test func `a hello with any bit flipped is refused`() async throws {
        let served = try await ServedRoom()
        try await served.withstand { served in
            var generator = SplitMix64(seed: 41)
            for _ in 1...60 {
                let client = try await served.connect()
                _ = try await client.welcome()
                var bytes = Frame.hello(
                    try client.hello("emma", in: served.workspace, seed: 5)
                ).encode()
                let place = Self.flip(&bytes, using: &generator)
                await client.send(bytes)
                let last = try await client.lastWord()
                #expect(last != nil, "at \(place)")
            }
        }
        await served.close()
    }

    @Test func `a batch with any bit flipped is refused, and nothing of it is stored`()
        async throws
    {
        let served = try await ServedRoom()
        try await served.withstand { served in
            var generator = SplitMix64(seed: 42)
            var replica = TestReplica(seed: 9, log: served.room, user: "emma")
            replica.write(upTo: 5)
            let batch = Frame.batch(
                Batch(
                    log: served.room, placements: [],
                    segment: replica.segments.flatMap(\.bytes)))
            for _ in 1...60 {
                let client = try await served.connect()
                try await client.join("emma", in: served.workspace)
                var bytes = batch.encode()
                let place = Self.flip(&bytes, using: &generator)
                await client.send(bytes)
                let last = try await client.lastWord()
                #expect(last != nil, "at \(place)")
            }
        }
        await served.close()
    }

    @Test func `H2: a recorded hello does not open another connection`() async throws {
        let served = try await ServedRoom()
        try await served.withstand { served in
            let first = try await served.connect()
            _ = try await first.welcome()
            let recorded = Frame.hello(try first.hello("emma", in: served.workspace, seed: 5))
            await first.send(recorded)
            guard case .ready = try await first.next() else {
                Issue.record("the first hello is good")
                return
            }
            let second = try await served.connect()
            _ = try await second.welcome()
            await second.send(recorded)
            #expect(try await second.lastWord() == .notAuthentic)
            await first.send(recorded)
            #expect(try await first.lastWord() == .unexpected)
        }
        await served.close()
    }

    @Test func `Y1: a frame of an unknown type that is not critical is skipped`() async throws {
        let served = try await ServedRoom()
        try await served.withstand { served in
            let client = try await served.connect()
            try await client.join("eva", in: served.workspace)
            await client.send([3, 100, 1, 2] + Frame.ping(7).encode())
            var heard: [Frame] = []
            while let frame = try await client.next() {
                heard.append(frame)
                if case .pong = frame { break }
            }
            #expect(heard.last == .pong(7))
            await client.close()
        }
        await served.close()
    }

    @Test func `one connection too many is closed without a word`() async throws {
        let served = try await ServedRoom(connectionsMaximum: 3)
        try await served.withstand { served in
            let third = try await served.connect()
            _ = try await third.welcome()
            for _ in 1...20 {
                let client = try await served.connect()
                #expect(try await client.next() == nil)
            }
            await third.send(.ping(1))
            #expect(try await third.lastWord() == .unexpected)
        }
        await served.close()
    }
}
