package import FikaCRDT
import Synchronization

/// Many worlds, and what came of them in all.
package struct Simulation: Sendable {
    package private(set) var worldCount = 0
    /// How many of them were on SQLite.
    package private(set) var diskWorldCount = 0
    package private(set) var counts = WorldCounts()
    /// How many things happened in all worlds.
    package private(set) var lineCount = 0
    /// The worlds in which something was found wrong.
    package private(set) var failures: [WorldReport] = []

    package init() {}

    package mutating func add(_ report: WorldReport) {
        worldCount += 1
        if report.isOnDisks { diskWorldCount += 1 }
        counts.add(report.counts)
        lineCount += report.lineCount
        if !report.findings.isEmpty { failures.append(report) }
    }

    /// What never happened though it should have; such a run proves nothing.
    package var lacking: [String] { counts.lacking(in: worldCount, onDisks: diskWorldCount) }

    package var isGood: Bool { failures.isEmpty && lacking.isEmpty }

    /// Lives worlds through.
    ///
    /// - Parameters:
    ///   - ranges: Which ones, in this order.
    ///   - threads: How many are lived through at a time; what comes of them is the same.
    ///   - bug: What is planted in each.
    ///   - failureMaximum: After so many failing worlds no other begins.
    ///   - goesOn: Asked after each world, with what came of all so far.
    /// - Returns: What came of them.
    package static func run(
        _ ranges: [WorldRange], on threads: Int = 1, planting bug: PlantedBug? = nil,
        upTo failureMaximum: Int, whileTrue goesOn: @Sendable (Simulation) -> Bool
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
                    let seed = range.seed(of: index)
                    let plan =
                        bug?.plan(seed: seed)
                        ?? (range.isOnDisks ? .onDisks(seed: seed) : WorldPlan(seed: seed))
                    return PlantedBug.plant(bug) { WorldReport(plan, keepingLines: 40) }
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
        return simulation.withLock { $0 }
    }
}
