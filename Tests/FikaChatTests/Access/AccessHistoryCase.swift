import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaTestSupport

/// A random history of a room: access ops and messages, some accepted, and closes.
struct AccessHistoryCase {
    static let writers: [Writer] = [.ann, .ann, .bo, .eva, .omid]

    let fold = AccessScript().fold
    private(set) var input: ModelInput
    private var byReplica: [ReplicaID: [Op]] = [:]

    init(_ generator: inout SplitMix64) {
        input = ModelInput(
            log: fold.log, ops: [], trustedRelays: fold.trustedRelays, viewer: user("ann"),
            personal: [])
        for writer in Set(Self.writers).union([.relay]) { introduce(writer) }
        let kind = generator.pick(RoomKind.allCases)
        append(.ann, AccessScript.creation(kind), at: 0)
        let count = generator.number(in: 3..<25)
        for index in 1...count {
            let writer = generator.pick(Self.writers)
            append(writer, content(&generator), at: UInt64(index))
        }
        for index in 0..<generator.number(in: 0..<3) {
            append(.relay, close(&generator), at: UInt64(count + 1 + index))
        }
        position(&generator)
    }

    func writer(of dot: Dot) -> Writer? {
        (Self.writers + [.relay]).first { $0.replica == dot.replica }
    }

    var accessOps: [AccessOp] {
        input.ops.compactMap { held in
            guard let writer = writer(of: held.op.id.dot), let content = says(held.op),
                content.known?.flags.contains(.access) == true
            else { return nil }
            let point = held.position.map { AccessPoint.accepted($0) } ?? .pending(held.op.stamp)
            return AccessOp(
                point: point, dot: held.op.id.dot, author: writer.author, content: content,
                closesOtherBranch: isOfOtherBranch(content))
        }
    }

    private func says(_ op: Op) -> ChatOp? {
        do { return try ChatOp.decode(op) } catch { return nil }
    }

    private func isOfOtherBranch(_ content: ChatOp) -> Bool {
        guard case .close(let close) = content else { return false }
        return chain(of: close.replica, through: close.seq) != close.chain
    }

    private func chain(of replica: ReplicaID, through seq: UInt64) -> Digest {
        (byReplica[replica] ?? []).prefix(Int(seq)).reduce(
            Hashes.chainStart(log: fold.log, replica: replica)
        ) { Hashes.chain(after: $0, opHash: $1.hash) }
    }

    private mutating func introduce(_ writer: Writer) {
        append(writer, .introduction(writer.introduction), at: 0)
    }

    private mutating func append(_ writer: Writer, _ content: ChatOp, at minute: UInt64) {
        let seq = UInt64(byReplica[writer.replica]?.count ?? 0) + 1
        let isSalted = KindFlags(of: content.kind).contains(.salted)
        let op = Op(
            kind: content.kind, id: OpID(log: fold.log, replica: writer.replica, seq: seq),
            time: HybridTime(milliseconds: 1000 + minute, counter: UInt16(truncatingIfNeeded: seq)),
            target: content.target,
            content: .body(content.body, salt: isSalted ? Salt(raw: seq) : nil))
        byReplica[writer.replica, default: []].append(op)
        input.ops.append(HeldOp(op: op, position: nil))
    }

    private func content(_ generator: inout SplitMix64) -> ChatOp {
        // What is no access op is unknown to the fold: a revoke of it waits there for ever.
        let dots = input.ops.filter { KindFlags(of: $0.op.kind).contains(.access) }
            .map(\.op.id.dot)
        let leaves = input.ops.filter { $0.op.kind == ChatKind.leave.kind }.map(\.op.id.dot)
        let name = generator.pick(["ann", "bo", "eva", "omid"])
        return switch generator.number(in: 0..<12) {
        case 0..<5:
            grant(
                name, generator.oneIn(3) ? .moderator : .member,
                after: leaves.isEmpty || generator.oneIn(3) ? nil : generator.pick(leaves))
        case 5..<8: .revoke(generator.oneIn(20) ? dot(200, 1) : generator.pick(dots))
        case 8..<10: .leave
        case 10: AccessScript.creation(generator.pick(RoomKind.allCases))
        default: .message(MessageBody(text: "hi"), reply: nil)
        }
    }

    private func close(_ generator: inout SplitMix64) -> ChatOp {
        let replica = generator.pick(Self.writers).replica
        let seq = UInt64(generator.number(in: 0...(byReplica[replica]?.count ?? 0)))
        let chain = generator.oneIn(3) ? digest(3) : chain(of: replica, through: seq)
        return .close(
            Close(
                replica: replica, seq: seq, chain: chain,
                reason: generator.pick(CloseReason.allCases)))
    }

    /// Gives most ops a position, in an order near that of writing.
    private mutating func position(_ generator: inout SplitMix64) {
        var places = Array(input.ops.indices)
        for index in places.indices.dropLast() where generator.oneIn(3) {
            places.swapAt(index, index + 1)
        }
        var position: UInt64 = 0
        for place in places where !generator.oneIn(4) {
            position += 1
            input.ops[place].position = position
        }
    }
}
