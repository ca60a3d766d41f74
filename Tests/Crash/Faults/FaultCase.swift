/// One way in which one stage of a workload is disturbed.
struct FaultCase {
    let stage: Int
    let fault: Fault.Way
    let operation: Int
    /// Whether the fault stays until it is mended.
    let lasts: Bool
    /// What becomes of what was unsynced: at the crash, or after the program went on.
    let loss: PowerLoss.Way

    /// All that are worth playing for a stage, by what its operations are when nothing fails;
    /// crashes only where they leave something of their own.
    static func all(_ records: [JournalRecord.Kind], reads: Int, stage: Int) -> [FaultCase] {
        var cases: [FaultCase] = []
        func add(_ fault: Fault.Way, _ operation: Int, _ loss: PowerLoss.Way, lasts: Bool = false) {
            cases.append(
                FaultCase(
                    stage: stage, fault: fault, operation: operation, lasts: lasts, loss: loss))
        }
        for (index, kind) in records.enumerated() {
            let operation = index + 1
            let isAfterSync = index > 0 && records[index - 1] == .sync
            if kind == .sync || isAfterSync { add(.crash, operation, .lost) }
            if kind != .other {
                add(.crash, operation, .kept)
                add(.crash, operation, .torn)
            }
            add(.eio, operation, .lost)
            switch kind {
            case .sync:
                for lasts in [false, true] { add(.fsync, operation, .lost, lasts: lasts) }
            case .write, .create:
                for lasts in [false, true] { add(.enospc, operation, .kept, lasts: lasts) }
            case .truncate, .unlink, .rename, .link, .failedSync, .other: break
            }
            if index % 8 == 0 { add(.eio, operation, .torn, lasts: true) }
        }
        // The process ends well, and then the power goes.
        for loss in [PowerLoss.Way.lost, .torn] { add(.crash, records.count + 1, loss) }
        for read in 0..<reads { add(.read, read + 1, .kept) }
        return cases
    }

    var description: String {
        "\(fault) at \(operation)\(lasts ? " lasting" : ""), \(loss)"
    }
}
