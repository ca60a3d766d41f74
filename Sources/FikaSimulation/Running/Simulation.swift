package import FikaCRDT
import Synchronization

/// Many worlds, and what came of them in all.
package struct Simulation: Sendable {
    package private(set) var worldCount = 0
    /// How many of them were on SQLite.
    package private(set) var diskWorldCount = 0
    /// How many of them were long.
    package private(set) var longWorldCount = 0
    package private(set) var counts = WorldCounts()
    /// How many things happened in all worlds.
    package private(set) var lineCount = 0
    /// A hash over all that happened in all worlds.
    package private(set) var traceHash: UInt64 = 0
    /// The worlds in which something was found wrong.
    package private(set) var failures: [WorldReport] = []

    /// The first failing worlds are made small.
    private static let shrunkMaximum = 3

    package init() {}

    package mutating func add(_ report: WorldReport) {
        worldCount += 1
        if report.plan.isOnDisks { diskWorldCount += 1 }
        if report.plan.isLong { longWorldCount += 1 }
        counts.add(report.counts)
        lineCount += report.lineCount
        traceHash = traceHash &* 0x100_0000_01B3 ^ report.traceHash
        guard !report.findings.isEmpty else { return }
        failures.append(report)
        failures[failures.count - 1].forgetStory()
    }

    /// What never happened though it should have; such a run proves nothing.
    package var lacking: [String] {
        counts.lacking(in: worldCount, onDisks: diskWorldCount, long: longWorldCount)
    }

    package var isGood: Bool { failures.isEmpty && lacking.isEmpty }

    /// Lives worlds through.
    ///
    /// - Parameters:
    ///   - ranges: Which ones, in this order.
    ///   - threads: How many are lived through at a time; what comes of them is the same.
    ///   - bug: What is planted in each.
    ///   - lineCount: How many of the last things that happened in a failing world are kept.
    ///   - failureMaximum: After so many failing worlds no other begins.
    ///   - shrinks: Whether the first failing worlds are made small, which takes many times longer
    ///     than to find them.
    ///   - goesOn: Asked after each world, with what came of all so far.
    /// - Returns: What came of them.
    package static func run(
        _ ranges: [WorldRange], on threads: Int = 1, planting bug: PlantedBug? = nil,
        keepingLines lineCount: Int = 40, upTo failureMaximum: Int, shrinks: Bool = true,
        whileTrue goesOn: @Sendable (Simulation) -> Bool
    ) -> Simulation {
        let simulation = Mutex(Simulation())
        let count = ranges.reduce(0) { total, range in
            let (sum, overflow) = total.addingReportingOverflow(range.count)
            return overflow ? .max : sum
        }
        Workers.run(count, on: threads) { number in
            var index = number
            for range in ranges {
                guard index >= range.count else {
                    let plan =
                        bug?.plan(seed: range.seed(of: index), isLong: range.isLong)
                        ?? range.plan(of: index)
                    return PlantedBug.plant(bug) {
                        WorldReport(plan, keepingLines: lineCount)
                    }
                }
                index -= range.count
            }
            preconditionFailure("there are as many worlds as ranges have")
        } take: { report in
            simulation.withLock { simulation in
                simulation.add(report)
                return simulation.failures.count < failureMaximum && goesOn(simulation)
            }
        }
        var result = simulation.withLock { $0 }
        if shrinks, goesOn(result) { result.shrinkFailures(on: threads, planting: bug) }
        return result
    }

    private mutating func shrinkFailures(on threads: Int, planting bug: PlantedBug?) {
        let failures = failures
        let shrunk = Mutex<[WorldReport]>([])
        Workers.run(min(failures.count, Self.shrunkMaximum), on: threads) { index in
            PlantedBug.plant(bug) {
                var report = failures[index]
                report.shrink()
                return report
            }
        } take: { report in
            shrunk.withLock { $0.append(report) }
            return true
        }
        let told = shrunk.withLock { $0 }
        self.failures.replaceSubrange(..<told.count, with: told)
    }
}
