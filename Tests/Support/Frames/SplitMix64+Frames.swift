package import FikaSimulation
import FikaCRDT
import FikaLog
package import FikaSync

// Frames of all types within their limits, edges among them.
extension SplitMix64 {
    package mutating func frame() -> Frame {
        frame(of: pick(FrameType.allCases))
    }

    package mutating func frame(of type: FrameType) -> Frame {
        switch type {
        case .welcome: .welcome(welcome())
        case .hello: .hello(hello())
        case .ready: .ready(Ready(outcome: pick([.equal, .havesFollow]), signature: signature()))
        case .failure: .failure(Failure(code: magnitude(), reason: text()))
        case .cursors: .cursors(cursors())
        case .status: .status(status())
        case .names: .names(names())
        case .brief: .brief(brief())
        case .batch:
            .batch(
                Batch(log: log(), placements: placements(), segment: bytes(count: 0...300)))
        case .placed: .placed(Placed(log: log(), placements: placements()))
        case .head: .head(head(of: log()))
        case .refusal: .refusal(refusal())
        case .credit: .credit(capped(Limits.creditBytesMaximum))
        case .page, .want, .positions: request(of: type)
        case .done: .done(magnitude())
        case .haves: .haves(haves())
        case .synced: .synced(milliseconds())
        case .ephemeral: .ephemeral(ephemeral())
        case .ping: .ping(magnitude())
        case .pong: .pong(magnitude())
        case .goodbye: .goodbye(retryAfter: capped(Limits.retryMillisecondsMaximum))
        }
    }

    /// A number of any magnitude up to a limit, which comes often.
    private mutating func capped(_ limit: UInt64, from lowest: UInt64 = 0) -> UInt64 {
        min(max(magnitude(), lowest), limit)
    }

    private mutating func milliseconds() -> UInt64 { capped(HybridTime.millisecondsMaximum) }

    private mutating func signature() -> Signature {
        guard let signature = Signature(bytes: bytes(count: 64...64)) else {
            preconditionFailure("a signature has 64 bytes")
        }
        return signature
    }

    private mutating func digest() -> Digest { Hashes.digest(bytes(count: 8...8)) }

    private mutating func key() -> PublicKey {
        guard let key = PublicKey(bytes: bytes(count: 32...32)) else {
            preconditionFailure("a key has 32 bytes")
        }
        return key
    }

    private mutating func user() -> UserID {
        UserID(pick(["e", "emma", "ömid", String(repeating: "u", count: 64)])) ?? user()
    }

    private mutating func welcome() -> Welcome {
        let time = milliseconds()
        let isRelay = bool()
        return Welcome(
            lowestVersion: number(in: 0...3), highestVersion: number(in: 3...255),
            role: isRelay ? .relay : .device, key: key(), epoch: Epoch(raw: next()), time: time,
            base: number(in: 0...time), nonce: bytes(count: 16...16),
            credit: capped(Limits.creditBytesMaximum), user: isRelay ? nil : user())
    }

    private mutating func hello() -> Hello {
        let sum = UInt128(next()) << 64 | UInt128(magnitude())
        return Hello(
            version: number(in: 0...255), key: key(), nonce: bytes(count: 16...16),
            workspace: WorkspaceID(high: next(), low: next()), user: user(),
            token: bytes(count: 0...(oneIn(4) ? Limits.tokenBytesMaximum : 40)),
            credit: capped(Limits.creditBytesMaximum),
            summary: bool() ? SyncSummary(sum: sum, count: magnitude()) : nil,
            completeUntil: milliseconds(), signature: signature())
    }

    private mutating func cursors() -> [LogCursor] {
        let logs = Set(array(count: 0...20) { LogID(high: $0.next(), low: $0.next()) }).sorted()
        return logs.map {
            LogCursor(
                log: $0, position: capped(Limits.positionMaximum), runningPrefix: next())
        }
    }

    private mutating func status() -> LogStatus {
        LogStatus(
            log: log(), state: pick([.follows, .unknown, .compare, .ended]),
            from: capped(Limits.positionMaximum), position: capped(Limits.positionMaximum))
    }

    private mutating func names() -> Names {
        Names(
            log: log(), number: capped(.max, from: 1),
            replicas: array(count: 0...9) {
                Names.ReplicaNumber(number: $0.capped(.max, from: 1), replica: $0.replica())
            })
    }

    private mutating func shortName<Subject>(
        _ id: Identifier<Subject>
    ) -> ShortName<Subject> {
        oneIn(4) ? .id(id) : .number(capped(.max, from: 1))
    }

    private mutating func difference() -> Int64 {
        Int64(milliseconds()) * (bool() ? 1 : -1)
    }

    private mutating func brief() -> Brief {
        let target = Brief.Target(
            replica: shortName(replica()), seq: capped(Limits.seqMaximum, from: 1))
        return Brief(
            log: shortName(log()), positionLow: number(in: 0...127), acceptedAfter: difference(),
            replica: shortName(replica()), seq: capped(Limits.seqMaximum, from: 1),
            kind: Kind(UInt16(capped(65535))), time: difference(),
            counter: oneIn(2) ? 0 : UInt16(capped(65535)), target: bool() ? target : nil,
            salt: bool() ? Salt(raw: next()) : nil,
            bodyLog: oneIn(4) ? capped(.max, from: 1) : nil, body: bytes(count: 0...200),
            seal: signature())
    }

    private mutating func placements() -> [Placement] {
        array(count: 0...6) { generator in
            let seq = generator.capped(Limits.seqMaximum, from: 1)
            let position = generator.capped(Limits.positionMaximum, from: 1)
            let room = min(Limits.seqMaximum - seq, Limits.positionMaximum - position)
            return Placement(
                replica: generator.replica(), seq: seq, count: generator.capped(room) + 1,
                position: position, acceptedAt: generator.milliseconds())
        }
    }

    private mutating func head(of log: LogID) -> Head {
        Head(
            log: log, epoch: Epoch(raw: next()), position: capped(Limits.positionMaximum),
            running: digest(), access: digest(), signature: signature())
    }

    private mutating func refusal() -> Refusal {
        Refusal(
            log: log(), replica: replica(), seq: capped(Limits.seqMaximum, from: 1),
            action: pick([.closed, .refused, .missing, .wait]), reason: number(in: 0...255),
            accepted: capped(Limits.seqMaximum),
            retryAfter: capped(Limits.retryMillisecondsMaximum))
    }

    private mutating func request(of type: FrameType) -> Frame {
        if type == .page {
            return .page(
                PageRequest(
                    request: magnitude(), log: log(),
                    before: HybridTime(milliseconds: milliseconds(), counter: number(in: 0...9)),
                    limit: number(in: 1...1024)))
        }
        if type == .want {
            return .want(
                OpsRequest(
                    request: magnitude(), log: log(), replica: replica(), seqs: intervals()))
        }
        let first = capped(Limits.positionMaximum, from: 1)
        let last = min(first + number(in: 0...65535), Limits.positionMaximum)
        return .positions(
            PositionsRequest(request: magnitude(), log: log(), positions: first...last))
    }

    /// One to nine ranges of seqs that do not touch.
    private mutating func intervals() -> [ClosedRange<UInt64>] {
        var last: UInt64 = 0
        return array(count: 1...9) { generator in
            let first = last + (last == 0 ? 1 : 2) + generator.number(in: 0...1000)
            last = first + generator.number(in: 0...(generator.bool() ? 0 : 100_000_000))
            return first...last
        }
    }

    private mutating func haves() -> Haves {
        let log = log()
        let replicas = Set(array(count: 0...4) { $0.replica(among: 200) }).sorted()
        return Haves(
            log: log, head: bool() ? head(of: log) : nil,
            replicas: replicas.map { replica in
                let seqs = intervals()
                return Haves.ReplicaIntervals(
                    replica: replica,
                    intervals: seqs.map { Haves.Interval(seqs: $0, end: digest()) })
            })
    }

    private mutating func ephemeral() -> Ephemeral {
        Ephemeral(
            log: log(), user: user(), kind: pick([.typing, .presence, .preview, .ringing]),
            timeToLive: capped(Limits.ephemeralMillisecondsMaximum),
            body: bytes(count: 0...(oneIn(4) ? Limits.ephemeralBytesMaximum : 30)))
    }
}
