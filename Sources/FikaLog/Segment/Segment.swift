package import FikaCRDT

/// The one container for ops, decoded: rows of one log, and what they share.
///
/// Rows stand in any order in which each replica's seqs rise. Byte table in `Specs/segment.md`.
package struct Segment: Sendable {
    package let log: LogID
    /// The replicas that wrote the ops or their targets.
    package let replicas: [ReplicaID]
    package let runs: [SegmentRun]
    package let rows: [SegmentRow]
    /// All bodies, one after the other.
    package let bodies: [UInt8]
    package let origins: [Origin]
    package let erasedHashes: [Digest]

    /// Returns who wrote the row, and as which op.
    package func dot(_ row: SegmentRow) -> Dot {
        Dot(replica: replicas[Int(runs[Int(row.run)].replica)], seq: row.seq)
    }

    package func target(_ row: SegmentRow) -> Dot? {
        guard row.targetReplica >= 0 else { return nil }
        return Dot(replica: replicas[Int(row.targetReplica)], seq: row.targetSeq)
    }

    package func origin(_ row: SegmentRow) -> Origin? {
        row.origin >= 0 ? origins[Int(row.origin)] : nil
    }

    /// The body's bytes, or what stays of an erased one.
    package func body(_ row: SegmentRow) -> ArraySlice<UInt8> {
        bodies[Int(row.bodyStart)..<Int(row.bodyStart + row.bodyCount)]
    }

    /// The op's hash (rule S1).
    package func opHash(_ row: SegmentRow) -> Digest {
        var text = HashText(.op)
        return opHash(row, in: &text)
    }

    /// The op's hash, put together in the memory of `text`.
    func opHash(_ row: SegmentRow, in text: inout HashText) -> Digest {
        let bodyHash =
            row.isErased
            ? erasedHashes[Int(row.erasure)]
            : Hashes.body(body(row), salt: row.isSalted ? row.salt : nil, in: &text)
        return CanonicalHeader(
            kind: row.kind, log: log, dot: dot(row), time: row.time, target: target(row),
            origin: origin(row), bodyHash: bodyHash
        ).hash(in: &text)
    }

    /// The op as a value of its own.
    package func op(_ row: SegmentRow) -> Op {
        let content: Op.Content =
            row.isErased
            ? .erased(bodyHash: erasedHashes[Int(row.erasure)], residue: Array(body(row)))
            : .body(Array(body(row)), salt: row.isSalted ? row.salt : nil)
        return Op(
            kind: row.kind, id: OpID(log: log, dot: dot(row)), time: row.time,
            target: target(row), origin: origin(row), content: content)
    }

    /// All ops as values of their own, in row order.
    package var ops: [Op] { rows.map(op) }
}
