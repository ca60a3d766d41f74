import FikaCRDT
import FikaLog

/// What a brief says, spelled out: all but the chain before it.
struct BriefOp {
    let op: Op
    /// When it was accepted, milliseconds; of a client's nothing.
    let acceptedAt: UInt64
    private let seal: Signature

    /// - Parameters:
    ///   - brief: What came.
    ///   - names: The numbers told on this connection.
    ///   - base: What its time counts from, milliseconds.
    /// - Throws: A violation when a name was never told or a number is beyond its limit.
    init(_ brief: Brief, names: NameTable, base: UInt64) throws(Violation) {
        guard let log = names.log(brief.log) else { throw Self.unnamed }
        func dot(
            _ name: ShortName<ReplicaSubject>, _ seq: UInt64
        ) throws(Violation) -> Dot {
            guard let replica = names.replica(name, in: log) else { throw Self.unnamed }
            guard (1...Limits.seqMaximum).contains(seq) else { throw Self.beyond }
            return Dot(replica: replica, seq: seq)
        }
        let id = OpID(log: log, dot: try dot(brief.replica, brief.seq))
        var target: Dot?
        if let named = brief.target { target = try dot(named.replica, named.seq) }
        var body = brief.body
        if let number = brief.bodyLog {
            guard let named = names.log(.number(number)) else { throw Self.unnamed }
            body = named.bytes + body
        }
        guard body.count <= Limits.bodyBytesMaximum,
            let milliseconds = Self.sum(base, brief.time),
            milliseconds <= HybridTime.millisecondsMaximum,
            let acceptedAt = Self.sum(milliseconds, brief.acceptedAfter)
        else { throw Self.beyond }
        op = Op(
            kind: brief.kind, id: id,
            time: HybridTime(milliseconds: milliseconds, counter: brief.counter),
            target: target, content: .body(body, salt: brief.salt))
        self.acceptedAt = acceptedAt
        seal = brief.seal
    }

    /// As a segment of one op, to be verified like any other.
    func segment(after chain: Digest) throws(LogError) -> SealedSegment {
        var builder = SegmentBuilder(log: op.id.log)
        builder.append(op)
        let block = builder.block()
        let seq = op.id.dot.seq
        let proof = RunProof(
            before: seq == 1 ? nil : chain, seals: [Seal(seq: seq, signature: seal)])
        return SealedSegment(
            block: block, segment: try Segment(block: block), cards: [], proofs: [proof])
    }

    private static func sum(_ time: UInt64, _ difference: Int64) -> UInt64? {
        let sum =
            difference < 0
            ? time.subtractingReportingOverflow(difference.magnitude)
            : time.addingReportingOverflow(difference.magnitude)
        return sum.overflow ? nil : sum.partialValue
    }

    private static var unnamed: Violation {
        Violation(.unexpected, "a brief names by a number that was never told")
    }

    private static var beyond: Violation {
        Violation(.malformed, "a number of a brief is beyond its limit")
    }
}

extension Brief {
    /// The op in short, for an end that has the op before it.
    ///
    /// Nil when it has to travel in a batch: its segment holds more, it is re-homed or erased, or a
    /// later seal covers it.
    init?(_ sealed: SealedSegment, names: NameTable, base: UInt64) {
        let segment = sealed.segment
        guard segment.rows.count == 1, let row = segment.rows.first,
            let proof = sealed.proofs.first,
            let seal = proof.seals.first, proof.seals.count == 1, proof.tail.isEmpty,
            sealed.cards.isEmpty, row.origin < 0, !row.isErased
        else { return nil }
        let op = segment.op(row)
        guard case .body(var body, let salt) = op.content else { return nil }
        var bodyLog: UInt64?
        if let first = LogID(bytes: body.prefix(16)), let number = names.number(of: first) {
            bodyLog = number
            body.removeFirst(16)
        }
        let log = op.id.log
        let target = op.target.map {
            Target(replica: names.name(of: $0.replica, in: log), seq: $0.seq)
        }
        self.init(
            log: names.name(of: log), replica: names.name(of: op.id.dot.replica, in: log),
            seq: op.id.dot.seq, kind: op.kind,
            time: Int64(op.time.milliseconds) - Int64(base), counter: op.time.counter,
            target: target, salt: salt, bodyLog: bodyLog, body: body, seal: seal.signature)
    }
}
