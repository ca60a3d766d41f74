/// Finds which acts and faults a failure needs, by leaving others out and looking again.
package struct WorldShrinker {
    /// A plan with which the same invariant is broken, with less.
    package private(set) var plan: WorldPlan
    private let invariant: String?
    private var runsLeft: Int

    /// Makes a failing world smaller.
    ///
    /// - Parameters:
    ///   - report: What was found in it.
    ///   - runCount: How many worlds are lived through for it at most.
    package init(_ report: WorldReport, runCount: Int = 150) {
        plan = report.plan
        // Nobody makes up for what is left out.
        plan.actMaximum = report.actCount
        invariant = report.invariant
        runsLeft = runCount
        shrinkEnd(report.eventCount)
        var size = max(report.eventCount / 4, 1)
        while size >= 1, runsLeft > 0 {
            leaveOut(size, of: report.eventCount)
            if size == 1 { break }
            size /= 2
        }
    }

    private mutating func isStillBroken(_ plan: WorldPlan) -> Bool {
        guard runsLeft > 0 else { return false }
        runsLeft -= 1
        return WorldReport(plan).invariant == invariant
    }

    /// Of what follows the failure nothing is needed.
    private mutating func shrinkEnd(_ count: Int) {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            var shorter = plan
            if middle < count { shorter.skipped.formUnion(middle + 1...count) }
            if isStillBroken(shorter) { high = middle } else { low = middle + 1 }
        }
        guard low < count else { return }
        var shorter = plan
        shorter.skipped.formUnion(low + 1...count)
        if isStillBroken(shorter) { plan = shorter }
    }

    private mutating func leaveOut(_ size: Int, of count: Int) {
        var first = 1
        while first <= count, runsLeft > 0 {
            let part = Set(first...min(first + size - 1, count))
            first += size
            guard !part.isSubset(of: plan.skipped) else { continue }
            var smaller = plan
            smaller.skipped.formUnion(part)
            if isStillBroken(smaller) { plan = smaller }
        }
    }

    /// What is left of the story, with what was found in it.
    package func report(keepingLines keptLines: Int = 0) -> WorldReport {
        WorldReport(plan, keepingLines: keptLines)
    }
}
