package import FikaChat
package import FikaCRDT
package import FikaLog
import FikaSync

extension MemoryHolder {
    /// Makes a room whose only member is this holder's user.
    package mutating func makeRoom(_ name: String, kind: RoomKind = .room) -> LogID {
        let nonce = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let log = Hashes.roomLogID(creator: key.publicKey, nonce: nonce)
        let creation = Creation(
            kind: kind, workspace: workspace, nonce: nonce, name: name, about: "")
        write(.create, body: creation.body, in: log)
        return log
    }

    @discardableResult
    package mutating func grant(
        _ user: UserID, role: Role = .member, in log: LogID
    ) -> Op {
        write(.grant, body: Grant(user: user, role: role).body, in: log)
    }

    @discardableResult
    package mutating func say(_ text: String, in log: LogID) -> Op {
        write(.message, body: MessageBody(text: text).body, in: log)
    }

    /// Writes an unsealed op of any kind; a second of the device's clock passes.
    @discardableResult
    package mutating func write(
        _ kind: ChatKind, target: Dot? = nil, body: [UInt8], in log: LogID,
        preimage: LogPreimage? = nil
    ) -> Op {
        now += 1000
        let isSalted = kind.flags.contains(.salted)
        introduce(in: log, preimage: preimage)
        return append(
            kind.kind, target: target, body: body,
            salt: isSalted ? Salt(using: &generator) : nil, in: log)
    }

    mutating func introduce(in log: LogID, preimage: LogPreimage?) {
        guard own[log] == nil else { return }
        let introduction = Introduction(
            publicKey: key.publicKey, incarnation: Incarnation(using: &generator), user: user,
            deviceName: "\(user)'s", preimage: preimage)
        own[log] = OwnReplica(log: log, introduction: introduction)
        append(.introduction, body: introduction.body, in: log)
    }

    @discardableResult
    mutating func append(
        _ kind: Kind, target: Dot? = nil, body: [UInt8], salt: Salt? = nil,
        origin: Origin? = nil, time: HybridTime? = nil, in log: LogID
    ) -> Op {
        guard let replica = own[log] else { preconditionFailure("it was introduced") }
        var clock = clocks[log] ?? HybridClock()
        var held = heldTime(of: log)
        if kind == ChatKind.message.kind, origin == nil,
            let answered = target.flatMap({ self.time(of: $0, in: log) })
        {
            clock.observe(answered)
            held = max(held, answered)
        }
        let op = Op(
            kind: kind,
            id: OpID(log: log, replica: replica.introduction.replica, seq: replica.last + 1),
            time: time ?? clock.next(nowMilliseconds: corrected), target: target, origin: origin,
            content: .body(body, salt: salt))
        clocks[log] = clock
        own[log]?.last += 1
        let written = UnsealedTime(writtenMilliseconds: now, held: held)
        own[log]?.unsealed.append(OwnReplica.Unsealed(op: op, written: written))
        return op
    }

    /// The highest time that counts in what is sealed and still stands (rule C1).
    private func heldTime(of id: LogID) -> HybridTime {
        var clock = HybridClock()
        for op in standing(in: id) {
            let isOwn = op.id.dot.replica == own[id]?.name
            if isOwn || orders[id]?.position(of: op.id.dot) != nil {
                clock.observe(op.time)
            } else {
                clock.observePending(op.time, nowMilliseconds: corrected)
            }
        }
        return clock.highest
    }

    /// The time of an op that is held, unsealed or not.
    private func time(of dot: Dot, in id: LogID) -> HybridTime? {
        ops(of: id).first { $0.id.dot == dot }?.time
    }

    /// What is sealed and has a position, or may still get one.
    func standing(in id: LogID) -> [Op] {
        log.replicas(of: id).flatMap { replica in
            let ops = log.ops(of: replica, in: id, seqs: 1...Limits.seqMaximum)
            guard let end = closed[replica] ?? refused[replica] else { return ops }
            return ops.filter {
                $0.id.dot.seq < end || orders[id]?.position(of: $0.id.dot) != nil
            }
        }
    }

    /// Re-stamps and seals what is unsealed of a log (rules C3 and O3).
    mutating func seal(_ id: LogID) throws {
        guard let replica = own[id], !replica.unsealed.isEmpty else { return }
        var ops = replica.unsealed.map(\.op)
        if !ops.contains(where: { $0.origin != nil }) {
            let times = Restamping.times(
                of: replica.unsealed.map(\.written), correction: correction, now: corrected)
            for index in ops.indices { ops[index].time = times[index] }
        }
        for sealed in Sealer.seal(ops, after: replica.sealedChain, key: key) {
            try append(sealed)
        }
        own[id]?.sealedChain = ops.reduce(replica.sealedChain) {
            Hashes.chain(after: $0, opHash: $1.hash)
        }
        if PlantedBug.restampsSealed.isPlanted { return }
        own[id]?.unsealed = []
    }

    /// Verifies a segment and adds it.
    mutating func append(_ sealed: SealedSegment) throws(LogError) {
        let id = sealed.segment.log
        let verified = try SegmentVerifier.verify(
            sealed, known: { log.card(of: $0, in: id) }, check: seals.firstInvalid)
        let report = try log.append(verified)
        var clock = clocks[id] ?? HybridClock()
        for row in report.newRows {
            clock.observePending(
                verified.segment.rows[row].time, nowMilliseconds: corrected)
        }
        clocks[id] = clock
    }
}
