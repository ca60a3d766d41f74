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
        do {
            (op, acceptedAt) = try brief.op(base: base, names: names)
        } catch {
            throw Violation(error.code, "a brief: \(error)")
        }
        seal = brief.seal
    }

    /// As a segment of one op, to be verified like any other.
    func segment(after chain: Digest) -> SealedSegment {
        SealedSegment(op, before: op.id.dot.seq == 1 ? nil : chain, seal: seal)
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
            sealed.cards.isEmpty
        else { return nil }
        self.init(segment.op(row), seal: seal.signature, base: base, names: names)
    }
}
