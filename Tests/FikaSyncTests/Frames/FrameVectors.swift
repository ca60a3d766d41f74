import FikaSimulation
import FikaCRDT
import FikaLog
import FikaSync
import FikaTestSupport

/// The frames of the vectors, one of each type at least, and bytes that are none.
enum FrameVectors {
    private static let log = logNumbered(1)
    private static let other = logNumbered(2)
    private static let emma = replicaNumbered(1)
    private static let omid = replicaNumbered(2)

    private static func signature(_ byte: UInt8) -> Signature {
        guard let signature = Signature(bytes: [UInt8](repeating: byte, count: 64)) else {
            preconditionFailure("a signature has 64 bytes")
        }
        return signature
    }

    private static var key: PublicKey {
        guard let key = PublicKey(bytes: Array(0..<32)) else {
            preconditionFailure("a key has 32 bytes")
        }
        return key
    }

    private static var user: UserID {
        guard let user = UserID("ömid") else { preconditionFailure("that is a user's id") }
        return user
    }

    private static func welcome(_ role: Welcome.Role) -> Welcome {
        Welcome(
            lowestVersion: 1, highestVersion: 2, role: role, key: key,
            epoch: Epoch(raw: 0x0102_0304_0506_0708), time: 1_790_000_000_000,
            base: 1_789_999_999_000, nonce: Array(16..<32), credit: 1 << 20,
            user: role == .device ? user : nil)
    }

    private static func hello(token: [UInt8], summary: SyncSummary?) -> Hello {
        Hello(
            key: key, nonce: Array(32..<48), workspace: WorkspaceID(high: 3, low: 4), user: user,
            token: token, credit: 300, summary: summary,
            completeUntil: summary == nil ? 0 : 1_790_000_000_000, signature: signature(0xAB))
    }

    private static let head = Head(
        log: log, epoch: Epoch(raw: 9), position: 300, running: Hashes.digest([1]),
        access: Hashes.digest([2]), signature: signature(0xCD))

    private static let placements = [
        Placement(
            replica: omid, seq: 7, count: 1, position: 200, acceptedAt: 1_790_000_000_000),
        Placement(
            replica: emma, seq: 1, count: 300, position: 201, acceptedAt: 1_789_999_999_999),
    ]

    private static let smallBrief = Brief(
        log: .number(5), replica: .number(6), seq: 2, kind: Kind(14), time: 1000, counter: 0,
        target: nil, salt: nil, body: [], seal: signature(1))

    private static let fullBrief = Brief(
        log: .id(log), positionLow: 127, acceptedAfter: -20, replica: .id(emma), seq: 300,
        kind: Kind(0xFFFF), time: -1, counter: 0xFFFF,
        target: Brief.Target(replica: .number(300), seq: 1), salt: Salt(raw: 0x0102),
        bodyLog: 129, body: [1, 2, 3], seal: signature(2))

    private static let haves = [
        Haves.ReplicaIntervals(
            replica: emma,
            intervals: [
                Haves.Interval(seqs: 1...64, end: Hashes.digest([3])),
                Haves.Interval(seqs: 66...66, end: Hashes.digest([4])),
            ]),
        Haves.ReplicaIntervals(
            replica: omid,
            intervals: [Haves.Interval(seqs: 5...5, end: Hashes.digest([5]))]),
    ]

    private static var batch: Batch {
        var replica = TestReplica(seed: 1, log: log)
        replica.write("fika?")
        return Batch(log: log, placements: placements, segment: replica.segment(1...2).bytes)
    }

    static var frames: [(name: String, frame: Frame)] {
        [
            ("welcome of a relay", .welcome(welcome(.relay))),
            ("welcome of a device", .welcome(welcome(.device))),
            ("hello", .hello(hello(token: [1, 2], summary: SyncSummary(sum: 1 << 127, count: 9)))),
            ("hello without a summary", .hello(hello(token: [], summary: nil))),
            ("ready", .ready(Ready(outcome: .cursorsWanted, signature: signature(0xEF)))),
            ("failure", .failure(Failure(.tooSlow, "för långsam"))),
            (
                "cursors",
                .cursors([
                    LogCursor(log: log, position: 0, runningPrefix: 0),
                    LogCursor(log: other, position: 1 << 48 - 1, runningPrefix: .max),
                ])
            ),
            (
                "status",
                .status(LogStatus(log: log, state: .ended, from: 5, position: 128))
            ),
            (
                "names",
                .names(
                    Names(
                        log: log, number: 128,
                        replicas: [
                            Names.ReplicaNumber(number: 1, replica: omid),
                            Names.ReplicaNumber(number: 200, replica: emma),
                        ]))
            ),
            ("brief with as little as there is", .brief(smallBrief)),
            ("brief with all there is", .brief(fullBrief)),
            ("batch", .batch(batch)),
            ("batch without placements", .batch(Batch(log: log, placements: [], segment: [1]))),
            ("placed", .placed(Placed(log: log, placements: placements))),
            ("head", .head(head)),
            (
                "refusal",
                .refusal(
                    Refusal(
                        log: log, replica: emma, seq: 9, action: .wait, accepted: 8,
                        retryAfter: 500))
            ),
            ("credit", .credit(1 << 32)),
            (
                "page",
                .page(PageRequest(request: 1, log: log, before: .maximum, limit: 1024))
            ),
            (
                "want",
                .want(OpsRequest(request: 2, log: log, replica: emma, seqs: [1...3, 5...5]))
            ),
            ("positions", .positions(PositionsRequest(request: 3, log: log, positions: 1...65536))),
            ("done", .done(.max)),
            ("haves with a head", .haves(Haves(log: log, head: head, replicas: haves))),
            ("haves of nothing", .haves(Haves(log: log, head: nil, replicas: []))),
            ("synced", .synced(1_790_000_000_000)),
            (
                "ephemeral",
                .ephemeral(
                    Ephemeral(
                        log: log, user: user, kind: .preview, timeToLive: 120_000, body: [0x68]))
            ),
            ("ping", .ping(127)),
            ("pong", .pong(128)),
            ("goodbye", .goodbye(retryAfter: 0)),
        ]
    }

    /// Each is refused whole.
    static var bad: [(name: String, bytes: [UInt8])] {
        let ping: UInt8 = 21 | 0x80
        let brief = Frame.brief(smallBrief).encode()
        func changed(_ index: Int, _ byte: UInt8) -> [UInt8] {
            var bytes = brief
            bytes[index] = byte
            return bytes
        }
        return [
            ("no type", [0]), ("long length", [0x82, 0, ping, 0]),
            ("above the limit", [0x81, 0x80, 0x84, 0x08]), ("unknown and critical", [2, 0xFF, 0]),
            ("not marked critical", [2, 21, 0]), ("left over", [3, ping, 0, 0]),
            ("cut", [1, ping]), ("long number", [3, ping, 0x80, 0]),
            ("credit above its limit", [6, 13 | 0x80, 0x81, 0x80, 0x80, 0x80, 0x10]),
            ("unknown flag of a brief", changed(4, 64)),
            (
                "brief before a base that is its time",
                {
                    var bytes = changed(4, 16)
                    bytes.replaceSubrange(9...10, with: [0])
                    bytes[0] -= 1
                    return bytes
                }()
            ),
            ("brief accepted before and at its time", changed(4, 32)),
            ("brief of seq 0", changed(7, 0)),
        ]
    }
}
