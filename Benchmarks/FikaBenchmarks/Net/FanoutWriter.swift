import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog
import FikaSync
import FikaTestSupport

/// The one who writes in the room of the fan-out: real ops, sealed as a device seals them.
struct FanoutWriter {
    static let workspace = TestStore.workspace
    static let user = LoadUser.id(0)

    let log: LogID
    private let nonce: [UInt8]
    private var replica: TestReplica
    private var texts = LoadTexts(seed: 5)
    private var generator = SplitMix64(seed: 6)
    private var time: HybridTime

    /// - Parameter milliseconds: The time of its first op.
    init(milliseconds: UInt64) {
        let nonce = [UInt8](repeating: 9, count: 16)
        // The same seed makes the same key: a room's id is made of it.
        let key = TestReplica(seed: 1, log: LogID(high: 0, low: 1)).key
        log = Hashes.roomLogID(creator: key.publicKey, nonce: nonce)
        self.nonce = nonce
        time = HybridTime(milliseconds: milliseconds)
        replica = TestReplica(seed: 1, log: log, user: Self.user.text)
    }

    var key: DeviceKey { replica.key }

    /// The ops that make the room and let everybody in, as they go up first.
    mutating func makeRoom(members: Int) -> [[UInt8]] {
        let creation = Creation(
            kind: .room, workspace: Self.workspace, nonce: nonce, name: "fan-out")
        write(.create, creation.body)
        for number in 1...members {
            write(.grant, Grant(user: LoadUser.id(number), role: .member).body)
        }
        return handOver()
    }

    /// Frames that each hold one message with a body of so many bytes.
    mutating func briefs(_ count: Int, bodyBytes: Int, names: NameTable, base: UInt64) -> [[UInt8]]
    {
        (0..<count).flatMap { _ in
            let op = say(bodyBytes: bodyBytes)
            return replica.handOver().map { sealed in
                Frame.brief(
                    brief(op, seal: sealed.proofs[0].seals[0].signature, names, base)
                ).encode()
            }
        }
    }

    /// Frames that each hold so many messages under one seal.
    mutating func batches(_ count: Int, of size: Int, bodyBytes: Int) -> [[UInt8]] {
        (0..<count).flatMap { _ in
            for _ in 0..<size { _ = say(bodyBytes: bodyBytes) }
            return handOver()
        }
    }

    private mutating func say(bodyBytes: Int) -> Op {
        var text = texts.next()
        while text.utf8.count < bodyBytes { text += " " + texts.next() }
        // A message without mentions is its text behind a count of two bytes.
        while MessageBody(text: text).body.count > bodyBytes { text.removeLast() }
        return write(.message, MessageBody(text: text).body)
    }

    @discardableResult
    private mutating func write(_ kind: ChatKind, _ body: [UInt8]) -> Op {
        time = HybridTime(milliseconds: time.milliseconds, counter: time.counter + 1)
        if time.counter == 1000 { time = HybridTime(milliseconds: time.milliseconds + 1) }
        let salt = kind.flags.contains(.salted) ? Salt(using: &generator) : nil
        return replica.write(kind.kind, body: body, salt: salt, time: time)
    }

    private mutating func handOver() -> [[UInt8]] {
        replica.handOver().map {
            Frame.batch(Batch(log: log, placements: [], segment: $0.bytes)).encode()
        }
    }

    private func brief(_ op: Op, seal: Signature, _ names: NameTable, _ base: UInt64) -> Brief {
        guard case .body(let body, let salt) = op.content else {
            preconditionFailure("what was just written has a body")
        }
        return Brief(
            log: names.name(of: log), replica: names.name(of: replica.id, in: log),
            seq: op.id.dot.seq, kind: op.kind,
            time: Int64(op.time.milliseconds) - Int64(base), counter: op.time.counter,
            target: nil, salt: salt, body: body, seal: seal)
    }
}

extension FanoutWriter {
    /// Connects the writer, makes the room and lets so many people in.
    mutating func connect(
        to relay: ServerProcess, members: Int
    ) throws -> FanoutUplink {
        var client = try SessionClient(
            port: relay.port, user: Self.user, key: key, workspace: Self.workspace,
            nonce: [UInt8](repeating: 1, count: 16), holder: NothingHeld())
        try client.runUntilUpToDate()
        var uplink = FanoutUplink(client.socket, welcome: client.welcome)
        // The introduction, the room and a grant for each.
        try uplink.send(makeRoom(members: members), until: members + 2)
        return uplink
    }

    /// Connects a device of one of the people, which then waits for what is new.
    func subscriber(_ person: Int, device: Int, port: Int) throws -> Socket {
        var generator = SplitMix64(seed: UInt64(device) &+ 0xFA0)
        // More credit than a run takes: what comes is only counted.
        var client = try SessionClient(
            port: port, user: LoadUser.id(person), key: DeviceKey(using: &generator),
            workspace: Self.workspace, nonce: generator.bytes(count: 16...16),
            credit: Limits.creditBytesMaximum, holder: NothingHeld())
        try client.runUntilUpToDate()
        return client.socket
    }
}

/// The people of the loads on the net.
enum LoadUser {
    static func id(_ number: Int) -> UserID {
        guard let user = UserID("person\(number)") else {
            preconditionFailure("a short name is a user's id")
        }
        return user
    }
}
