/// Names one op within its log: who wrote it, and as which of the writer's ops.
///
/// Source: dotted version vectors (Preguiça, Baquero et al., 2012).
package struct Dot: Hashable, Sendable, BitwiseCopyable {
    package let replica: ReplicaID
    /// Counts 1, 2, 3 … per replica in a log.
    package let seq: UInt64

    package init(replica: ReplicaID, seq: UInt64) {
        self.replica = replica
        self.seq = seq
    }
}

extension Dot: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        left.replica != right.replica ? left.replica < right.replica : left.seq < right.seq
    }
}

extension Dot: CustomStringConvertible {
    /// `replica:seq`, the replica in hexadecimal.
    package var description: String { "\(replica):\(seq)" }
}
