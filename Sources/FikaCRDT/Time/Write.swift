/// Names one write to a register: when it was made and by which op.
///
/// The later stamp wins. An honest replica never gives one stamp twice; should another do so, its
/// seq decides, so that all holders still agree.
package struct Write: Hashable, Sendable, BitwiseCopyable {
    package let time: HybridTime
    package let dot: Dot

    package init(stamp: Stamp, seq: UInt64) {
        time = stamp.time
        dot = Dot(replica: stamp.replica, seq: seq)
    }

    package var stamp: Stamp { Stamp(time: time, replica: dot.replica) }
}

extension Write: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        left.time != right.time ? left.time < right.time : left.dot < right.dot
    }
}
