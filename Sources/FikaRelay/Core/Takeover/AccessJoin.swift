package import FikaCRDT
package import FikaLog

/// Proves where the access ops of an order that was taken over stand, before all of it is filled.
///
/// Once they join the head's access hash, positions can be given after it (rule S4).
package struct AccessJoin: Sendable {
    private let head: Head
    /// By position, rising: the access ops claimed after what is filled.
    private var claims: [(position: UInt64, dot: Dot)] = []

    package init(upTo head: Head) {
        self.head = head
    }

    /// Takes note of the access ops among some placements, in rising positions.
    package mutating func add<Log: RelayLog>(
        _ placements: [Placement], in log: Log, isAccess: (Kind) -> Bool
    ) throws(Log.Failure) {
        for placement in placements {
            let from = (claims.last?.position ?? 0) + 1
            guard let part = placement.clipped(to: from...max(from, head.position)) else {
                continue
            }
            let ops = try log.ops(of: part.replica, in: head.log, seqs: part.seq...part.lastSeq)
            for op in ops where isAccess(op.kind) {
                let position = part.position + (op.id.dot.seq - part.seq)
                claims.append((position, op.id.dot))
            }
        }
    }

    /// Gives the access ops with their positions, when they join the head from a hash on; nil when
    /// they do not.
    package func proven<Log: RelayLog>(
        in log: Log, after filled: UInt64, access: Digest
    ) throws(Log.Failure) -> [(position: UInt64, dot: Dot)]? {
        var access = access
        var proven: [(position: UInt64, dot: Dot)] = []
        for claim in claims where claim.position > filled {
            let seq = claim.dot.seq
            let op = try log.ops(of: claim.dot.replica, in: head.log, seqs: seq...seq).first
            guard let op else { return nil }
            access = RunningHash.nextAccess(
                after: access, opHash: op.hash, position: claim.position)
            proven.append(claim)
        }
        return access == head.access ? proven : nil
    }
}
