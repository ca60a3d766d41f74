/// What came of one world.
package struct WorldReport: Sendable {
    package let seed: UInt64
    /// What was found wrong; empty for a healthy world.
    package let findings: [String]
    package let counts: WorldCounts
    /// How many things happened.
    package let lineCount: Int
    /// The last of them, as many as were asked for.
    package let lastLines: [String]

    /// Lives a world through, from its seed to the last check.
    ///
    /// - Parameters:
    ///   - seed: Decides everything.
    ///   - keptLines: How many of the last things that happened are kept.
    package init(seed: UInt64, keepingLines keptLines: Int = 0) {
        self.seed = seed
        do {
            let world = try World(WorldPlan(seed: seed), keepingLines: keptLines)
            world.run()
            let (findings, counts) = WorldInvariants.examine(world)
            self.findings = findings
            self.counts = counts
            lineCount = world.trace.lineCount
            lastLines = Array(world.trace.lastLines)
        } catch {
            findings = ["the world does not begin: \(error)"]
            counts = WorldCounts()
            lineCount = 0
            lastLines = []
        }
    }
}
