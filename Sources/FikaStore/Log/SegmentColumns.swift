import FikaChat
import FikaCRDT
import FikaLog

/// What a stored segment's row says beside the block, so that it is found without decoding.
struct SegmentColumns {
    let ops: Int64
    let timeFirst: Int64
    let timeLast: Int64
    let isImport: Bool

    init(_ segment: Segment) {
        ops = Int64(segment.rows.count)
        // The highest times have 64 bits; the index knows them by the highest number it has.
        timeFirst = Int64(clamping: segment.timeRange.lowerBound.raw)
        timeLast = Int64(clamping: segment.timeRange.upperBound.raw)
        isImport = segment.rows.contains { $0.kind == ChatKind.imported.kind }
    }
}
