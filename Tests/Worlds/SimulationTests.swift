import FikaSimulation
import Testing

struct SimulationTests {
    @Test func `what happened in worlds is counted, and the same for the same seeds`() {
        let runs = (0..<2).map { _ in
            Simulation.run(1...4, upTo: 1) { _ in true }
        }
        #expect(runs[0].counts == runs[1].counts)
        #expect(runs[0].worldCount == 4)
        #expect(runs[0].counts.count(.course, "worlds") == 4)
        #expect(runs[0].counts.count(.course, "ops accepted") > 0)
        #expect(runs[0].counts.total(.acts) > 0)
    }

    @Test func `a simulation ends when it is told to`() {
        let simulation = Simulation.run(1...1000, upTo: 1) { $0.worldCount < 2 }
        #expect(simulation.worldCount == 2)
    }

    @Test func `a run in which nothing happened is not good`() {
        #expect(!Simulation().isGood)
        #expect(WorldCounts().lacking(in: 1) == ["course: ops accepted"])
    }

    @Test func `in many worlds every fault and every act is expected`() {
        var counts = WorldCounts()
        counts.add(.course, "ops accepted")
        #expect(counts.lacking(in: 1).isEmpty)
        let lacking = counts.lacking(in: WorldCounts.enoughWorlds)
        for fault in WorldFault.allCases { #expect(lacking.contains("faults: \(fault.rawValue)")) }
        for act in WorldIntent.allCases { #expect(lacking.contains("acts: \(act.rawValue)")) }
        #expect(!lacking.contains("course: ops accepted"))
    }
}
