/// Orders ops: by hybrid time, then by replica.
///
/// It is the order in the timeline, and the later of two concurrent writes to one register wins.
package struct Stamp: Hashable, Sendable, BitwiseCopyable {
    package let time: HybridTime
    package let replica: ReplicaID

    package init(time: HybridTime, replica: ReplicaID) {
        self.time = time
        self.replica = replica
    }
}

extension Stamp: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        left.time != right.time ? left.time < right.time : left.replica < right.replica
    }
}
