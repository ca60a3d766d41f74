import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog

/// One simulated log while it is written: its replicas, what each has seen, the relay's order.
struct HistoryWorld {
    let log: LogID
    let preimage: LogPreimage?
    let workspace: WorkspaceID
    let nonce: [UInt8]
    var generator: SplitMix64
    var writers: [HistoryWriter] = []
    /// All ops, in the order of writing.
    private(set) var ops: [Op] = []
    private(set) var byDot: [Dot: Op] = [:]
    private(set) var positions: [Dot: UInt64] = [:]
    /// How many ops of each replica the relay has accepted.
    private(set) var acceptedCount: [ReplicaID: UInt64] = [:]
    private(set) var closedReplicas: Set<ReplicaID> = []
    private(set) var relay: Int?
    /// Milliseconds since 1970 as a true clock shows them.
    var now: UInt64 = 1_760_000_000_000

    static let workspace = WorkspaceID(high: 0xF1CA, low: 1)

    /// A room; its id follows from the creator's key.
    init(room creator: DeviceKey, generator: SplitMix64) {
        var generator = generator
        nonce = generator.bytes(count: 16...16)
        log = Hashes.roomLogID(creator: creator.publicKey, nonce: nonce)
        preimage = nil
        workspace = Self.workspace
        self.generator = generator
    }

    /// A log whose id follows from who uses it.
    init(derived kind: LogPreimage.Kind, users: [UserID], generator: SplitMix64) {
        let preimage = LogPreimage(workspace: Self.workspace, kind: kind, users: users)
        log = Hashes.derivedLogID(preimage)
        self.preimage = preimage
        workspace = Self.workspace
        nonce = []
        self.generator = generator
    }

    // MARK: Replicas

    /// Adds a replica and writes its introduction.
    @discardableResult
    mutating func join(
        _ user: UserID?, key: DeviceKey? = nil, name: String = "phone", offset: Int64 = 0
    ) -> Int {
        let key = key ?? DeviceKey(using: &generator)
        let incarnation = Incarnation(using: &generator)
        let introduction = Introduction(
            role: user == nil ? .relay : .user, publicKey: key.publicKey, incarnation: incarnation,
            user: user, deviceName: name, preimage: preimage)
        writers.append(
            HistoryWriter(
                user: user, key: key, replica: introduction.replica, deviceName: name,
                clockOffset: offset))
        let index = writers.count - 1
        write(.introduction(introduction), by: index)
        return index
    }

    /// Adds a replica that has not written its introduction and never will.
    mutating func join(claiming introduction: Introduction, key: DeviceKey) -> Int {
        writers.append(
            HistoryWriter(
                user: introduction.user, key: key, replica: introduction.replica,
                deviceName: introduction.deviceName, clockOffset: 0, isActive: false))
        return writers.count - 1
    }

    /// Lets the device of a replica go on as a new one that has seen the same.
    @discardableResult
    mutating func reincarnate(_ index: Int) -> Int {
        let old = writers[index]
        let new = join(old.user, key: old.key, name: old.deviceName, offset: old.clockOffset)
        writers[new].seen.merge(old.seen) { max($0, $1) }
        writers[new].clock.observe(old.clock.highest)
        writers[new].takesOver = old.replica
        writers[index].isActive = false
        return new
    }

    /// The relay's own replica, made when it is first needed.
    mutating func relayWriter() -> Int {
        if let relay { return relay }
        let index = join(nil, name: "relay")
        writers[index].isActive = false
        relay = index
        return index
    }

    // MARK: Writing

    @discardableResult
    mutating func write(
        _ says: ChatOp, by index: Int, time: HybridTime? = nil, origin: Origin? = nil,
        salt: Salt? = nil
    ) -> Dot {
        write(
            kind: says.kind, target: says.target, body: says.body, by: index, time: time,
            origin: origin, salt: salt)
    }

    /// Writes an op of any form, also one that nobody honest writes.
    @discardableResult
    mutating func write(
        kind: Kind, target: Dot?, body: [UInt8], by index: Int, time: HybridTime? = nil,
        origin: Origin? = nil, salt: Salt? = nil
    ) -> Dot {
        let shown = UInt64(clamping: Int64(clamping: now) + writers[index].clockOffset)
        let stamp = writers[index].clock.next(nowMilliseconds: shown)
        writers[index].seq += 1
        let dot = Dot(replica: writers[index].replica, seq: writers[index].seq)
        let isSalted = ChatKind(kind)?.flags.contains(.salted) ?? false
        let op = Op(
            kind: kind, id: OpID(log: log, dot: dot), time: time ?? stamp, target: target,
            origin: origin,
            content: .body(body, salt: isSalted ? salt ?? Salt(using: &generator) : nil))
        ops.append(op)
        byDot[dot] = op
        writers[index].seen[dot.replica] = dot.seq
        now += 1
        return dot
    }

    // MARK: Exchange

    /// Lets one replica see all that another has seen.
    mutating func show(from source: Int, to sink: Int) {
        for (replica, seq) in writers[source].seen {
            writers[sink].seen[replica] = max(writers[sink].seen[replica] ?? 0, seq)
        }
        for op in seen(by: sink) where op.kind != ChatKind.imported.kind {
            if positions[op.id.dot] != nil {
                writers[sink].clock.observe(op.time)
            } else {
                writers[sink].clock.observePending(op.time, nowMilliseconds: now)
            }
        }
    }

    /// Lets every replica see everything.
    mutating func showAll() {
        for source in writers.indices {
            for sink in writers.indices where sink != source { show(from: source, to: sink) }
        }
    }

    func seen(by index: Int) -> [Op] {
        ops.filter { $0.id.dot.seq <= writers[index].seen[$0.id.dot.replica] ?? 0 }
    }

    func user(of replica: ReplicaID) -> UserID? {
        writers.first { $0.replica == replica }?.user
    }

    // MARK: The relay

    /// Gives the next position to a replica's next op; false when it has none or is closed.
    @discardableResult
    mutating func accept(_ index: Int) -> Bool {
        let replica = writers[index].replica
        let count = acceptedCount[replica] ?? 0
        guard !closedReplicas.contains(replica), count < writers[index].seq else { return false }
        acceptedCount[replica] = count + 1
        positions[Dot(replica: replica, seq: count + 1)] = UInt64(positions.count + 1)
        return true
    }

    /// Accepts all that is there, oldest first.
    mutating func acceptAll() {
        for op in ops where positions[op.id.dot] == nil {
            if let index = writers.firstIndex(where: { $0.replica == op.id.dot.replica }) {
                accept(index)
            }
        }
    }

    /// Writes a close at the replica's accepted head, and accepts it.
    ///
    /// - Parameters:
    ///   - index: Whose replica is closed.
    ///   - reason: What its author is told.
    ///   - isAnotherBranch: Whether the close names a chain value that is not this branch's.
    ///   - seq: The last seq that counts, where it is not the accepted head.
    /// - Returns: The close.
    @discardableResult
    mutating func close(
        _ index: Int, reason: CloseReason, isAnotherBranch: Bool = false, at seq: UInt64? = nil
    ) -> Dot {
        let relay = relayWriter()
        let replica = writers[index].replica
        let seq = seq ?? acceptedCount[replica] ?? 0
        var chain = Hashes.chainStart(log: log, replica: replica)
        for op in ops where op.id.dot.replica == replica && op.id.dot.seq <= seq {
            chain = Hashes.chain(after: chain, opHash: op.hash)
        }
        if isAnotherBranch { chain = Hashes.digest(generator.bytes(count: 8...8)) }
        closedReplicas.insert(replica)
        let close = Close(replica: replica, seq: seq, chain: chain, reason: reason)
        let dot = write(.close(close), by: relay)
        while accept(relay) {}
        return dot
    }

    var held: [HeldOp] {
        ops.map { HeldOp(op: $0, position: positions[$0.id.dot]) }
    }

    var keys: [ReplicaID: DeviceKey] {
        Dictionary(uniqueKeysWithValues: writers.map { ($0.replica, $0.key) })
    }

    var relayKeys: Set<PublicKey> {
        relay.map { [writers[$0].key.publicKey] } ?? []
    }
}
