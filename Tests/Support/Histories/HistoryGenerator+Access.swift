import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog

// Who is in, and what the relay refuses.
extension HistoryGenerator {
    mutating func writeAccess(by index: Int) {
        switch random.number(in: 0...9) {
        case 0...5: writeGrant(by: index)
        case 6...7: writeRevoke(by: index)
        default:
            if isAboutAccess || random.bool() { world.write(.leave, by: index) }
        }
    }

    /// Mostly names the newest leave that the writer has seen, as an honest one does.
    private mutating func writeGrant(by index: Int) {
        let user = random.pick(users)
        let leaves = world.seen(by: index).filter { op in
            op.kind == ChatKind.leave.kind && world.user(of: op.id.dot.replica) == user
        }
        let leave =
            random.oneIn(5)
            ? pick(.leave, by: index)?.id.dot : leaves.max { $0.stamp < $1.stamp }?.id.dot
        let role: Role = random.oneIn(3) ? .moderator : .member
        world.write(.grant(Grant(user: user, role: role, leave: leave)), by: index)
    }

    private mutating func writeRevoke(by index: Int) {
        let isOdd = random.oneIn(10)
        let named = isOdd ? pick(.message, .leave, by: index) : pick(.grant, .create, by: index)
        guard let target = random.oneIn(12) ? unseenDot() : named?.id.dot else { return }
        world.write(.revoke(target), by: index)
    }

    // MARK: Closing and taking over

    /// The relay closes a replica, its device goes on as another, or takes over what was refused.
    mutating func closeOrRehome(_ index: Int) {
        switch random.number(in: 0...5) {
        case 0, 1:
            close(index)
            let new = world.reincarnate(index)
            rehome(by: new)
        case 2:
            // A restored store: the device has gone on, and the relay has not closed anything yet.
            let new = world.reincarnate(index)
            rehome(by: new)
            if random.bool() { close(index) }
        default:
            guard world.writers[index].takesOver != nil else { return takeOverWrongly(index) }
            rehome(by: index)
        }
    }

    private mutating func close(_ index: Int) {
        let reason = random.pick(CloseReason.allCases)
        let accepted = world.acceptedCount[world.writers[index].replica] ?? 0
        // A relay that closes below what it accepted is not honest; the fold must still be one.
        let seq = random.oneIn(6) && accepted > 1 ? accepted - 1 : accepted
        world.close(index, reason: reason, isAnotherBranch: random.oneIn(6), at: seq)
    }

    private mutating func rehome(by index: Int) {
        guard let old = world.writers[index].takesOver else { return }
        let accepted = world.acceptedCount[old] ?? 0
        let refused = world.ops.filter { op in
            op.id.dot.replica == old && canBeRehomed(op)
                && (op.id.dot.seq > accepted || random.oneIn(4))
        }
        for op in refused where !random.oneIn(4) { rehome(op, by: index) }
    }

    /// Somebody claims an op of another's, or one that nothing refused.
    private mutating func takeOverWrongly(_ index: Int) {
        let seen = world.seen(by: index).filter { canBeRehomed($0) }
        guard !seen.isEmpty else { return }
        rehome(random.pick(seen), by: index)
    }

    private func canBeRehomed(_ op: Op) -> Bool {
        guard let kind = ChatKind(op.kind), op.origin == nil else { return false }
        let never: [ChatKind] = [.void, .introduction, .importRun, .imported]
        return !kind.flags.contains(.access) && !never.contains(kind)
    }

    private mutating func rehome(_ op: Op, by index: Int) {
        guard case .body(let body, let salt) = op.content else { return }
        let hash = random.oneIn(6) ? Hashes.digest(random.bytes(count: 1...1)) : op.bodyHash
        let time = random.oneIn(3) ? nil : op.time
        world.write(
            kind: op.kind, target: op.target, body: body, by: index, time: time,
            origin: Origin(dot: op.id.dot, bodyHash: hash), salt: salt)
    }

    // MARK: What nobody honest writes

    mutating func writeDisorder(by index: Int) {
        switch random.number(in: 0...8) {
        case 0:
            let number: UInt16 = random.oneIn(8) ? 0x4001 : random.pick([7, 40, 900])
            world.write(
                kind: Kind(number), target: random.bool() ? unseenDot() : nil,
                body: random.bytes(count: 0...9), by: index)
        case 1:
            world.write(.void, by: index)
        case 2:
            let kinds = ChatKind.allCases.filter { !isVerifiable || $0 != .introduction }
            world.write(
                kind: random.pick(kinds).kind, target: nil, body: random.bytes(count: 1...5),
                by: index)
        case 3:
            world.write(
                kind: ChatKind.name.kind, target: unseenDot(),
                body: RoomText("Mål").body, by: index)
        case 4:
            let row = pick(.name, .grant, .reaction, .vote, by: index)
            let target = row?.id.dot ?? unseenDot()
            world.write(.reaction(Reaction("👎", isOn: true), to: target), by: index)
        case 5:
            writeForgedClose(by: index)
        case 6:
            world.write(.message(message(), reply: nil), by: world.relayWriter())
        case 7:
            writeMisplaced(by: index)
        default:
            if !isVerifiable { writeLooselyIntroduced(by: index) }
        }
    }

    /// A close by a user, or by a relay that nobody trusts.
    private mutating func writeForgedClose(by index: Int) {
        let victim = random.pick(world.writers).replica
        let close = Close(
            replica: victim, seq: 0, chain: Hashes.chainStart(log: world.log, replica: victim),
            reason: .removed)
        _ = world.relayWriter()
        var author = index
        if random.bool() {
            author = world.join(nil, name: "stranger")
            world.writers[author].isActive = false
        }
        world.write(.close(close), by: author)
    }

    /// What belongs into another kind of log.
    private mutating func writeMisplaced(by index: Int) {
        let flag = LogFlag(log: world.log, name: .muted, isOn: true)
        world.write(.flag(flag), by: index)
        personal.write(.message(message(), reply: nil), by: 0)
    }

    /// A replica whose first op does not introduce it, or a second introduction.
    private mutating func writeLooselyIntroduced(by index: Int) {
        let writer = world.writers[index]
        let introduction = Introduction(
            publicKey: writer.key.publicKey, incarnation: Incarnation(using: &random),
            user: writer.user ?? viewer, deviceName: "again", preimage: world.preimage)
        guard random.bool() else {
            world.write(.introduction(introduction), by: index)
            return
        }
        let stranger = world.join(claiming: introduction, key: writer.key)
        world.write(.message(message(), reply: nil), by: stranger)
        world.write(.message(message(), reply: nil), by: stranger)
    }
}
