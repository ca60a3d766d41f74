/// What came of one world.
package struct WorldReport: Sendable {
    package let seed: UInt64
    /// Whether its stores were SQLite, on disks that can fail.
    package let isOnDisks: Bool
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
    ///   - plan: What its seed decided.
    ///   - keptLines: How many of the last things that happened are kept.
    package init(_ plan: WorldPlan, keepingLines keptLines: Int = 0) {
        seed = plan.seed
        isOnDisks = plan.isOnDisks
        do {
            let world = try World(plan, keepingLines: keptLines)
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
