import FikaSimulation
import FikaTestSupport
import FoundationEssentials
import Testing

/// Whole worlds: what is drawn from a seed happens, and in the end everybody holds the same.
///
/// `FIKA_WORLDS` says how many worlds there are, 200 without it.
struct WorldTests {
    private static let shardCount = 4

    private static var worldCount: Int {
        let text = ProcessInfo.processInfo.environment["FIKA_WORLDS"]
        return text.flatMap { Int($0) } ?? 200
    }

    @Test(arguments: 0..<shardCount)
    func `worlds heal`(shard: Int) throws {
        let count = (Self.worldCount + Self.shardCount - 1) / Self.shardCount
        for seed in Seeds(UInt64(1 + shard * count), count: count) {
            let world = try World(WorldPlan(seed: seed), keepingLines: 60)
            world.run()
            let findings = WorldInvariants.findings(in: world)
            guard !findings.isEmpty else { continue }
            let story = WorldShrinker(WorldReport(WorldPlan(seed: seed))).report().story
            let told = findings + ["…"] + world.trace.lastLines + ["as small as it goes:"] + story
            let lines = told.map { "\n  \($0)" }.joined()
            Issue.record("\(Seeds.replay(seed).rawValue)\(lines)")
            return
        }
    }

    @Test(arguments: 0..<2)
    func `worlds heal whose relay loses its log once`(shard: Int) throws {
        for seed in Seeds(UInt64(1 + shard * 20), count: 20) {
            var plan = WorldPlan(seed: seed)
            plan.faults.insert(.wipe)
            let world = try World(plan)
            world.run()
            let findings = WorldInvariants.findings(in: world)
            #expect(findings.isEmpty, Seeds.replay(seed))
        }
    }

    @Test(arguments: 0..<2)
    func `worlds on SQLite heal, whatever becomes of the disks`(shard: Int) throws {
        for seed in Seeds(UInt64(1 + shard * 5), count: 5) {
            let world = try World(.onDisks(seed: seed), keepingLines: 60)
            world.run()
            let findings = WorldInvariants.findings(in: world)
            guard !findings.isEmpty else { continue }
            let lines = (findings + ["…"] + world.trace.lastLines).map { "\n  \($0)" }.joined()
            Issue.record("on SQLite, \(Seeds.replay(seed).rawValue)\(lines)")
            return
        }
    }

    @Test func `a seed does the same each time on SQLite`() throws {
        for seed in Seeds(1, count: 2) {
            let worlds = try (0..<2).map { _ in try World(.onDisks(seed: seed)) }
            for world in worlds { world.run() }
            #expect(worlds[0].trace.hash == worlds[1].trace.hash, Seeds.replay(seed))
        }
    }

    @Test func `a long world has 200 writes, something goes wrong in it, and it heals`() throws {
        for seed in Seeds(1, count: 2) {
            let world = try World(.long(seed: seed))
            world.run()
            #expect(WorldInvariants.findings(in: world).isEmpty, Seeds.replay(seed))
            #expect(world.ledger.returnedCount >= 200, Seeds.replay(seed))
            #expect(world.faultCount > 0, Seeds.replay(seed))
            #expect(world.healingTime != nil, Seeds.replay(seed))
        }
    }

    @Test func `what is skipped does not happen, and a failure is told by what it needs`() throws {
        let report = WorldReport(WorldPlan(seed: 1))
        #expect(!report.story.isEmpty)
        // Nothing is needed to be healthy.
        let shrinker = WorldShrinker(report)
        #expect(shrinker.report().story.isEmpty)
        #expect(shrinker.report().findings.isEmpty)
    }

    @Test func `a seed does the same each time`() throws {
        var lineCount = 0
        for seed in Seeds(1, count: 10) {
            let worlds = try (0..<2).map { _ in try World(WorldPlan(seed: seed)) }
            for world in worlds { world.run() }
            #expect(worlds[0].trace.hash == worlds[1].trace.hash, Seeds.replay(seed))
            lineCount += worlds[0].trace.lineCount
        }
        #expect(lineCount > 1000, "a world may be short, but not all of them")
    }
}
