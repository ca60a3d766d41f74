import FikaCRDT
import FikaLog

extension Segment {
    /// The lowest and the highest time of its ops.
    var timeRange: ClosedRange<HybridTime> {
        var lowest = HybridTime(raw: .max)
        var highest = HybridTime.zero
        for row in rows {
            lowest = min(lowest, row.time)
            highest = max(highest, row.time)
        }
        precondition(lowest <= highest, "a segment holds at least one op")
        return lowest...highest
    }
}
