import FikaSimulation
package import FikaCRDT
package import FikaLog

/// A replica that tests write with: everything it does follows from its seed.
package struct TestReplica: Sendable {
    package let log: LogID
    package let key: DeviceKey
    package let introduction: Introduction
    /// All ops written, the introduction first.
    package private(set) var ops: [Op] = []
    /// By seq: the chain value after that op; at 0 the one before the first.
    package private(set) var chains: [Digest]

    private var generator: SplitMix64
    private var clock = HybridClock()
    private var handedOver = 0

    package init(
        seed: UInt64, log: LogID, user: String = "emma", deviceName: String = "laptop",
        preimage: LogPreimage? = nil
    ) {
        self.log = log
        generator = SplitMix64(seed: seed)
        key = DeviceKey(using: &generator)
        introduction = Introduction(
            publicKey: key.publicKey, incarnation: Incarnation(using: &generator),
            user: UserID(user), deviceName: deviceName, preimage: preimage)
        chains = [Hashes.chainStart(log: log, replica: introduction.replica)]
        write(.introduction, body: introduction.body)
    }

    /// A relay's replica.
    package init(relay key: DeviceKey, seed: UInt64, log: LogID) {
        self.log = log
        self.key = key
        generator = SplitMix64(seed: seed)
        introduction = Introduction(
            role: .relay, publicKey: key.publicKey,
            incarnation: Incarnation(using: &generator), user: nil, deviceName: "relay",
            preimage: nil)
        chains = [Hashes.chainStart(log: log, replica: introduction.replica)]
        write(.introduction, body: introduction.body)
    }

    package var id: ReplicaID { introduction.replica }

    /// The last seq written.
    package var last: UInt64 { UInt64(ops.count) }

    package var card: Card {
        Card(time: ops[0].time, introduction: introduction, signature: seal(at: 1).signature)
    }

    package func dot(_ seq: UInt64) -> Dot { Dot(replica: id, seq: seq) }

    /// Writes an op of any kind; its time lies one millisecond after the one before.
    @discardableResult
    package mutating func write(
        _ kind: Kind, body: [UInt8], salt: Salt? = nil, target: Dot? = nil, origin: Origin? = nil,
        time: HybridTime? = nil
    ) -> Op {
        let now = clock.next(
            nowMilliseconds: max(clock.highest.milliseconds + 1, 1_700_000_000_000))
        return append(
            Op(
                kind: kind, id: OpID(log: log, dot: dot(last + 1)), time: time ?? now,
                target: target, origin: origin, content: .body(body, salt: salt)))
    }

    /// Adds an op as it is, whatever it says: for forgeries with a true chain.
    @discardableResult
    package mutating func append(_ op: Op) -> Op {
        ops.append(op)
        chains.append(Hashes.chain(after: chains[chains.count - 1], opHash: op.hash))
        return op
    }

    /// Writes a salted message (kind 10) without mentions.
    @discardableResult
    package mutating func write(_ text: String, answering target: Dot? = nil) -> Op {
        write(
            Kind(10), body: Self.messageBody(text), salt: Salt(using: &generator), target: target)
    }

    /// Writes messages until `last` is the last seq.
    package mutating func write(upTo last: UInt64) {
        while self.last < last { write("message \(self.last + 1)") }
    }

    private static func messageBody(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        precondition(bytes.count < 128, "the count is one byte here")
        return [UInt8(bytes.count)] + bytes
    }

    /// The replica's signature over its chain at a seq.
    package func seal(at seq: UInt64) -> Seal {
        let text = Seal.text(log: log, replica: id, seq: seq, chain: chains[Int(seq)])
        return Seal(seq: seq, signature: key.sign(text))
    }

    /// Hands over what was not handed over yet, as a device does.
    package mutating func handOver() -> [SealedSegment] {
        let segments = Sealer.seal(Array(ops[handedOver...]), after: chains[handedOver], key: key)
        handedOver = ops.count
        return segments
    }

    /// Everything written, as a device hands it over.
    package var segments: [SealedSegment] {
        Sealer.seal(ops, after: chains[0], key: key)
    }
}
