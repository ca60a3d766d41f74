import FikaCRDT
import FikaLog
import FikaSync

/// Makes signatures in damaged frames true again, with keys of people who mean it ill.
struct FrameForger {
    let resealer: Resealer
    /// Who speaks to the end that is fed: a device, or a relay.
    let key: DeviceKey
    /// The numbers told on the connection, and what times count from.
    var names = NameTable()
    var base: UInt64 = 0
    /// The bodies of the handshake, as they went over the wire.
    private(set) var welcomeBody: [UInt8] = []
    private(set) var helloBody: [UInt8] = []

    init(resealer: Resealer, key: DeviceKey) {
        self.resealer = resealer
        self.key = key
    }

    /// Takes note of what the other end said.
    mutating func hear(_ frames: [DecodedFrame]) {
        for frame in frames {
            switch frame.frame {
            case .welcome(let welcome):
                welcomeBody = frame.signedBody
                base = welcome.base
            case .hello: helloBody = frame.signedBody
            case .names(let told): _ = names.learn(told)
            case .ready, .failure, .cursors, .status, .brief, .batch, .placed, .head, .refusal,
                .credit, .page, .want, .positions, .done, .haves, .synced, .ephemeral, .ping,
                .pong, .goodbye:
                break
            }
        }
    }

    /// The bytes of a frame of this type with this body; signed where it decodes.
    mutating func bytes(of type: FrameType, _ body: [UInt8], isSigned: Bool) -> [UInt8] {
        guard isSigned, let frame = try? Frame(type: type, body: body) else {
            return Self.bytes(type, body)
        }
        let signed = sign(frame)
        if case .welcome = signed { welcomeBody = signed.body }
        return signed.encode()
    }

    /// A frame with any body.
    static func bytes(_ type: FrameType, _ body: [UInt8]) -> [UInt8] {
        var length = body.count + 1
        var bytes: [UInt8] = []
        while length > 0x7F {
            bytes.append(UInt8(length & 0x7F) | 0x80)
            length >>= 7
        }
        return bytes + [UInt8(length), type.byte] + body
    }

    private func sign(_ frame: Frame) -> Frame {
        switch frame {
        case .hello(var hello):
            hello.key = key.publicKey
            return .hello(Handshake.signed(hello, by: key, welcomeBody: welcomeBody))
        case .welcome(var welcome):
            welcome.key = key.publicKey
            return .welcome(welcome)
        case .ready(let ready):
            return .ready(
                ListenerHandshake.ready(
                    ready.outcome, key: key, welcomeBody: welcomeBody, helloBody: helloBody))
        case .head(let head):
            return .head(
                Head.signed(
                    log: head.log, epoch: head.epoch, position: head.position,
                    running: head.running, access: head.access, by: key))
        case .batch(let batch): return .batch(resealed(batch))
        case .brief(let brief): return .brief(resealed(brief))
        case .failure, .cursors, .status, .names, .placed, .refusal, .credit, .page, .want,
            .positions, .done, .haves, .synced, .ephemeral, .ping, .pong, .goodbye:
            return frame
        }
    }

    /// The segment of an input is a mere block where it is no sealed segment.
    private func resealed(_ batch: Batch) -> Batch {
        let block = (try? SealedSegment(bytes: batch.segment))?.block ?? batch.segment
        guard let sealed = resealer.sealed(block) else { return batch }
        return Batch(
            log: sealed.segment.log, placements: batch.placements, segment: sealed.bytes)
    }

    private func resealed(_ brief: Brief) -> Brief {
        guard let op = try? brief.op(base: base, names: names).op,
            let key = resealer.keys[op.id.dot.replica]
        else { return brief }
        let (replica, seq) = (op.id.dot.replica, op.id.dot.seq)
        let before = resealer.chain(before: seq, of: replica, in: op.id.log)
        let chain = Hashes.chain(after: before, opHash: op.hash)
        var brief = brief
        brief.seal = key.sign(
            Seal.text(log: op.id.log, replica: replica, seq: seq, chain: chain))
        return brief
    }
}
