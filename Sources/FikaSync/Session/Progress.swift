import FikaCRDT
import FikaLog

/// How much of what the relay announced has come.
struct Progress: Sendable {
    private var held: UInt64 = 0
    private var total: UInt64 = 0
    private var announced: [LogID: ClosedRange<UInt64>] = [:]

    var phase: SessionPhase { .syncing(held: min(held, total), total: total) }

    mutating func announce(_ log: LogID, from: UInt64, position: UInt64) {
        guard position > from, announced[log] == nil else { return }
        announced[log] = from + 1...position
        total = total.addingReportingOverflow(position - from).partialValue
    }

    mutating func note(_ placements: [Placement], of log: LogID) {
        guard let range = announced[log] else { return }
        for placement in placements where range.contains(placement.position) {
            held &+= placement.count
        }
    }
}
