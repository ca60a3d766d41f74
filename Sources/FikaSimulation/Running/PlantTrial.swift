package import FikaCRDT

/// Whether the checks find a planted bug: the checker is checked.
package struct PlantTrial: Sendable {
    package let bug: PlantedBug
    /// How many worlds were lived through with it.
    package private(set) var worldCount = 0
    /// The world that was ill with it; nil when none was.
    package private(set) var seed: UInt64?
    /// What was found there.
    package private(set) var findings: [String] = []

    package var isCaught: Bool { seed != nil }

    /// The invariant that found it first.
    package var invariant: String? {
        findings.first.map { String($0.prefix { $0 != ":" }) }
    }

    /// Plants a bug in world after world until one is ill that is healthy without it.
    ///
    /// - Parameters:
    ///   - bug: Which one.
    ///   - start: The first world's seed; the others follow.
    ///   - isLong: Whether the worlds are long.
    ///   - most: After so many worlds there is no other.
    ///   - goesOn: Asked before each world.
    package init(
        _ bug: PlantedBug, from start: UInt64, isLong: Bool, atMost most: Int,
        whileTrue goesOn: () -> Bool
    ) {
        self.bug = bug
        while worldCount < most, goesOn() {
            let seed = start &+ UInt64(worldCount)
            worldCount += 1
            let plan = bug.plan(seed: seed, isLong: isLong)
            func report() -> WorldReport { WorldReport(plan) }
            let ill = PlantedBug.plant(bug, in: report)
            guard !ill.findings.isEmpty, report().findings.isEmpty else { continue }
            self.seed = seed
            findings = ill.findings
            return
        }
    }
}
