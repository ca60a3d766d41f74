package import FikaCRDT

/// Whether the checks find a planted bug: the checker is checked.
package struct PlantTrial: Sendable {
    package let bug: PlantedBug
    /// How many worlds were lived through with it.
    package let worldCount: Int
    /// The world that was ill with it; nil when none was.
    package let seed: UInt64?
    /// What was found there.
    package let findings: [String]

    package var isCaught: Bool { seed != nil }

    /// The invariant that found it first.
    package var invariant: String? {
        findings.first.map { String($0.prefix { $0 != ":" }) }
    }

    /// Plants a bug in world after world until one is ill that is healthy without it.
    package init(_ bug: PlantedBug, seeds: some Sequence<UInt64>) {
        self.bug = bug
        var worldCount = 0
        for seed in seeds {
            worldCount += 1
            let report = PlantedBug.plant(bug) { WorldReport(seed: seed) }
            guard !report.findings.isEmpty, WorldReport(seed: seed).findings.isEmpty else {
                continue
            }
            (self.worldCount, self.seed, findings) = (worldCount, seed, report.findings)
            return
        }
        (self.worldCount, seed, findings) = (worldCount, nil, [])
    }
}
