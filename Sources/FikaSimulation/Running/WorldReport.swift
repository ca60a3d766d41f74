/// What came of one world.
package struct WorldReport: Sendable {
    /// What its seed decided.
    package let plan: WorldPlan
    package var seed: UInt64 { plan.seed }
    /// What was found wrong; empty for a healthy world.
    package let findings: [String]
    package let counts: WorldCounts
    /// How many things happened.
    package let lineCount: Int
    /// The last of them, as many as were asked for; where something is wrong, of the smallest one.
    package private(set) var lastLines: [String]

    /// What people did and what went wrong; where something is wrong, as small as it goes.
    package private(set) var story: [String] = []
    /// A hash over all that happened.
    package let traceHash: UInt64

    /// Lives a world through, from its plan to the last check.
    ///
    /// - Parameters:
    ///   - plan: What its seed decided.
    ///   - keptLines: How many of the last things that happened are kept.
    package init(_ plan: WorldPlan, keepingLines keptLines: Int = 0) {
        self.plan = plan
        do {
            let world = try World(plan, keepingLines: keptLines)
            world.run()
            let (findings, counts) = WorldInvariants.examine(world)
            self.findings = findings
            self.counts = counts
            lineCount = world.trace.lineCount
            lastLines = Array(world.trace.lastLines)
            traceHash = world.trace.hash
            story = world.story.lines
            eventCount = world.eventCount
            actCount = world.actsDone
        } catch {
            findings = ["the world does not begin: \(error)"]
            counts = WorldCounts()
            lineCount = 0
            lastLines = []
            traceHash = 0
            eventCount = 0
            actCount = 0
        }
    }

    /// How many acts and faults there were.
    let eventCount: Int
    /// How many of them were acts.
    let actCount: Int

    mutating func forgetStory() { story = [] }

    /// Tells the story of the smallest world in which the same is wrong.
    mutating func shrink() {
        let smaller = WorldShrinker(self).report(keepingLines: lastLines.count)
        lastLines = smaller.lastLines
        story = smaller.story + smaller.findings.map { "… \($0)" }
    }

    /// The invariant that was found broken first.
    package var invariant: String? {
        findings.first.map { String($0.prefix { $0 != ":" }) }
    }
}
