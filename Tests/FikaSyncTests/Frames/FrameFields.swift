import FikaSimulation
import FikaCRDT
import FikaLog
import FikaSync
import FikaTestSupport

/// The fields of a frame as lines of a vector, in the order of `Specs/sync-protocol.md`.
struct FrameFields {
    private(set) var lines: [(key: String, value: String)] = []

    init(_ frame: Frame) {
        add("type", frame.type.rawValue)
        switch frame {
        case .welcome(let frame): add(frame)
        case .hello(let frame): add(frame)
        case .ready(let frame):
            add("outcome", frame.outcome.rawValue)
            add("signature", bytes: frame.signature.bytes)
        case .failure(let frame):
            add("code", frame.code)
            add("reason", bytes: frame.reason.utf8)
        case .cursors(let cursors):
            for cursor in cursors {
                add("cursor", "\(cursor.log) \(cursor.position) \(cursor.runningPrefix)")
            }
        case .status(let frame):
            add("log", frame.log)
            add("state", frame.state.rawValue)
            add("from", frame.from)
            add("position", frame.position)
        case .names(let frame):
            add("log", frame.log)
            add("number", frame.number)
            for name in frame.replicas { add("replica", "\(name.number) \(name.replica)") }
        case .brief(let frame): add(frame)
        case .batch(let frame):
            add("log", frame.log)
            add(frame.placements)
            add("segment", bytes: frame.segment)
        case .placed(let frame):
            add("log", frame.log)
            add(frame.placements)
        case .head(let head):
            add("log", head.log)
            add(head)
        case .refusal(let frame): add(frame)
        case .page(let frame):
            add("request", frame.request)
            add("log", frame.log)
            add("before", frame.before.raw)
            add("limit", frame.limit)
        case .want(let frame):
            add("request", frame.request)
            add("log", frame.log)
            add("replica", frame.replica)
            for seqs in frame.seqs { add("seqs", "\(seqs.lowerBound) \(seqs.upperBound)") }
        case .positions(let frame):
            add("request", frame.request)
            add("log", frame.log)
            add("positions", "\(frame.positions.lowerBound) \(frame.positions.upperBound)")
        case .haves(let frame): add(frame)
        case .ephemeral(let frame):
            add("log", frame.log)
            add("user", bytes: frame.user.text.utf8)
            add("kind", frame.kind.rawValue)
            add("time_to_live", frame.timeToLive)
            add("body", bytes: frame.body)
        case .credit(let number), .done(let number), .synced(let number), .ping(let number),
            .pong(let number), .goodbye(let number):
            add("number", number)
        }
    }

    private mutating func add(_ key: String, _ value: some CustomStringConvertible) {
        lines.append((key, value.description))
    }

    private mutating func add(_ key: String, bytes: some Sequence<UInt8>) {
        lines.append((key, Hexadecimal.text(bytes)))
    }

    private mutating func add(_ welcome: Welcome) {
        add("versions", "\(welcome.lowestVersion) \(welcome.highestVersion)")
        add("role", welcome.role.rawValue)
        add("key", bytes: welcome.key.bytes)
        add("epoch", welcome.epoch.raw)
        add("time", welcome.time)
        add("base", welcome.base)
        add("nonce", bytes: welcome.nonce)
        add("credit", welcome.credit)
        if let user = welcome.user { add("user", bytes: user.text.utf8) }
    }

    private mutating func add(_ hello: Hello) {
        add("version", hello.version)
        add("key", bytes: hello.key.bytes)
        add("nonce", bytes: hello.nonce)
        add("workspace", hello.workspace)
        add("user", bytes: hello.user.text.utf8)
        add("token", bytes: hello.token)
        add("credit", hello.credit)
        if let summary = hello.summary { add("summary", "\(summary.sum) \(summary.count)") }
        add("complete_until", hello.completeUntil)
        add("signature", bytes: hello.signature.bytes)
    }

    private mutating func add(_ brief: Brief) {
        add("log", text(brief.log))
        add("position", brief.positionLow)
        add("accepted", brief.acceptedAfter)
        add("replica", text(brief.replica))
        add("seq", brief.seq)
        add("kind", brief.kind.number)
        add("time", brief.time)
        add("counter", brief.counter)
        if let target = brief.target { add("target", "\(text(target.replica)) \(target.seq)") }
        if let log = brief.bodyLog { add("body_log", log) }
        if let salt = brief.salt { add("salt", salt.raw) }
        add("seal", bytes: brief.seal.bytes)
        add("body", bytes: brief.body)
    }

    private func text<Subject>(_ name: ShortName<Subject>) -> String {
        switch name {
        case .number(let number): "\(number)"
        case .id(let id): "id:\(id)"
        }
    }

    private mutating func add(_ placements: [Placement]) {
        for placement in placements {
            add(
                "placement",
                "\(placement.replica) \(placement.seq) \(placement.count) \(placement.position) "
                    + "\(placement.acceptedAt)")
        }
    }

    private mutating func add(_ head: Head) {
        add("head", "\(head.epoch.raw) \(head.position) \(head.running) \(head.access)")
        add("signature", bytes: head.signature.bytes)
    }

    private mutating func add(_ refusal: Refusal) {
        add("log", refusal.log)
        add("replica", refusal.replica)
        add("seq", refusal.seq)
        add("action", refusal.action.rawValue)
        add("reason", refusal.reason)
        add("accepted", refusal.accepted)
        add("retry_after", refusal.retryAfter)
    }

    private mutating func add(_ haves: Haves) {
        add("log", haves.log)
        if let head = haves.head { add(head) }
        for replica in haves.replicas {
            for interval in replica.intervals {
                let seqs = interval.seqs
                add(
                    "have",
                    "\(replica.replica) \(seqs.lowerBound) \(seqs.upperBound) \(interval.end)")
            }
        }
    }
}
