import FikaSimulation
import FikaCRDT
import FikaLog
import FikaSync
import FikaTestSupport
import FikaWire
import Testing

/// Bytes that end a connection at once, and how.
struct HostileBytes: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: Failure.Code
    let bytes: [UInt8]

    init(_ description: String, _ code: Failure.Code, _ bytes: [UInt8]) {
        testDescription = description
        self.code = code
        self.bytes = bytes
    }

    /// What strangers may try before they said hello.
    static let fromStrangers = [
        HostileBytes("Y1: no length", .malformed, [0]),
        HostileBytes("Y1: a length in too many bytes", .malformed, [0x81, 0x80, 0]),
        HostileBytes("Y1: a length beyond all numbers", .tooLarge, [0xFF, 0xFF, 0xFF, 0xFF, 0xF]),
        HostileBytes("Y1: 8,193 bytes before hello", .tooLarge, [0x81, 0x40, 0x82]),
        HostileBytes("Y1: an unknown critical type", .unexpected, [1, 0xE4]),
        HostileBytes("Y1: hello without its critical bit", .malformed, [1, 2]),
        HostileBytes("Y2: a hello that ends early", .malformed, [3, 0x82, 1, 2]),
        HostileBytes("H3: a ping before hello", .unexpected, Frame.ping(1).encode()),
        HostileBytes("H3: a batch before hello", .unexpected, batch(of: [1, 2, 3])),
        HostileBytes("H3: the relay's part", .unexpected, Frame.synced(1).encode()),
        HostileBytes("the start of TLS", .malformed, [22, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3]),
    ]

    /// What somebody may try who was let in.
    static let fromMembers = [
        HostileBytes("Y1: a frame above the limit", .tooLarge, [0x81, 0x80, 0x84, 0x8, 0x89]),
        HostileBytes("Y1: a length beyond all numbers", .tooLarge, [0xFF, 0xFF, 0xFF, 0xFF, 0xF]),
        HostileBytes("Y2: a batch that is no segment", .malformed, batch(of: [1, 2, 3])),
        HostileBytes("Y2: a batch of another log", .malformed, batchOfAnotherLog),
        HostileBytes("Y2: a block that hides 64 MiB", .malformed, bomb(stating: 100)),
        HostileBytes("Y2: a block that states 64 MiB", .malformed, bomb(stating: 64 << 20)),
        HostileBytes("Y3: a number that was never told", .unexpected, briefOfUnknownNumbers),
        HostileBytes("H3: the relay's part", .unexpected, Frame.synced(1).encode()),
        HostileBytes("cursors that nobody asked for", .unexpected, Frame.cursors([]).encode()),
        HostileBytes("a good frame, then none", .malformed, Frame.ping(1).encode() + [0]),
    ]

    private static func batch(
        of segment: [UInt8], log: LogID = logNumbered(1)
    ) -> [UInt8] {
        Frame.batch(Batch(log: log, placements: [], segment: segment)).encode()
    }

    private static var batchOfAnotherLog: [UInt8] {
        let replica = TestReplica(seed: 3, log: logNumbered(1))
        return batch(of: replica.segments.flatMap(\.bytes), log: logNumbered(2))
    }

    private static var briefOfUnknownNumbers: [UInt8] {
        guard let seal = Signature(bytes: Array(repeating: 0, count: 64)) else { return [] }
        let brief = Brief(
            log: .number(77), replica: .number(78), seq: 1, kind: Kind(10), time: 0, counter: 0,
            target: nil, salt: nil, body: [], seal: seal)
        return Frame.brief(brief).encode()
    }

    /// A block of one run whose rows are little but unpack to 64 MiB of zeros.
    private static func bomb(stating bodyBytes: UInt64) -> [UInt8] {
        let rows = Zstd.compress(Array(repeating: 0, count: 64 << 20))
        let log = logNumbered(1)
        var block = ByteWriter()
        block.write(bytes: [1, 1])
        block.write(bytes: log.bytes)
        block.write(bytes: [0, 1])
        block.write(bytes: TestReplica(seed: 3, log: log).id.bytes)
        block.write(bytes: [1, 0, 1, 1])
        block.write(varint: 5)
        block.write(varint: bodyBytes)
        block.write(counted: rows)
        var segment = ByteWriter()
        segment.write(counted: block.bytes)
        segment.write(bytes: [0, 0, 0])
        return batch(of: segment.bytes)
    }
}
