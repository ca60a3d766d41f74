/// A contiguous range of one replica's ops within a segment.
package struct SegmentRun: Hashable, Sendable, BitwiseCopyable {
    /// The index of the replica among the segment's.
    package var replica: Int32
    package var first: UInt64
    package var count: UInt64

    package var last: UInt64 { first + count - 1 }
}
