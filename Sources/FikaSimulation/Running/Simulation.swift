/// Many worlds, one after the other, and what came of them in all.
package struct Simulation: Sendable {
    package private(set) var worldCount = 0
    package private(set) var counts = WorldCounts()
    /// How many things happened in all worlds.
    package private(set) var lineCount = 0
    /// The worlds in which something was found wrong.
    package private(set) var failures: [WorldReport] = []

    package init() {}

    package mutating func add(_ report: WorldReport) {
        worldCount += 1
        counts.add(report.counts)
        lineCount += report.lineCount
        if !report.findings.isEmpty { failures.append(report) }
    }

    /// What never happened though it should have; such a run proves nothing.
    package var lacking: [String] { counts.lacking(in: worldCount) }

    package var isGood: Bool { failures.isEmpty && lacking.isEmpty }

    /// Lives worlds through.
    ///
    /// - Parameters:
    ///   - seeds: One for each world.
    ///   - failureMaximum: After so many failing worlds no other begins.
    ///   - goesOn: Asked after each world, with what came of all so far.
    /// - Returns: What came of them.
    package static func run(
        _ seeds: some Sequence<UInt64>, upTo failureMaximum: Int,
        whileTrue goesOn: (Simulation) -> Bool
    ) -> Simulation {
        var simulation = Simulation()
        for seed in seeds {
            simulation.add(WorldReport(seed: seed, keepingLines: 40))
            guard simulation.failures.count < failureMaximum, goesOn(simulation) else { break }
        }
        return simulation
    }
}
