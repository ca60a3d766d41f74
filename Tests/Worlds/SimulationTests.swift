import FikaSimulation
import Testing

struct SimulationTests {
    private static func range(_ count: Int, isOnDisks: Bool = false) -> WorldRange {
        WorldRange(start: 1, count: count, isOnDisks: isOnDisks)
    }

    @Test func `what happened in worlds is counted, and the same for the same seeds`() {
        let runs = (1...2).map { threads in
            Simulation.run([Self.range(4)], on: threads, upTo: 1) { _ in true }
        }
        #expect(runs[0].counts == runs[1].counts)
        #expect(runs[0].worldCount == 4)
        #expect(runs[0].counts.count(.course, "worlds") == 4)
        #expect(runs[0].counts.count(.course, "ops accepted") > 0)
        #expect(runs[0].counts.total(.acts) > 0)
    }

    @Test func `a simulation ends when it is told to`() {
        let simulation = Simulation.run([Self.range(1000)], on: 2, upTo: 1) { $0.worldCount < 2 }
        #expect(simulation.worldCount == 2)
    }

    @Test func `worlds in memory come before those on SQLite`() {
        let ranges = [Self.range(1), Self.range(1, isOnDisks: true)]
        let simulation = Simulation.run(ranges, on: 2, upTo: 1) { $0.diskWorldCount == 0 }
        #expect(simulation.worldCount == 2)
        #expect(simulation.diskWorldCount == 1)
    }

    @Test func `in many worlds on SQLite disks are expected to fail in all ways`() {
        var counts = WorldCounts()
        counts.add(.course, "ops accepted")
        let enough = WorldCounts.enoughDiskWorlds
        #expect(counts.lacking(in: enough, onDisks: enough - 1).isEmpty)
        let lacking = counts.lacking(in: enough, onDisks: enough)
        #expect(lacking.contains("disks: failedSync"))
        #expect(lacking.contains("disks: power tearsPages"))
        #expect(lacking.contains("disks: no room"))
    }

    @Test func `a run in which nothing happened is not good`() {
        #expect(!Simulation().isGood)
        #expect(WorldCounts().lacking(in: 1) == ["course: ops accepted"])
    }

    @Test func `in many worlds every fault and every act is expected`() {
        var counts = WorldCounts()
        counts.add(.course, "ops accepted")
        #expect(counts.lacking(in: 1).isEmpty)
        let enough = WorldCounts.enoughWorlds
        let short = counts.lacking(in: enough)
        #expect(!short.contains("faults: clog"), "only long worlds have it")
        let lacking = counts.lacking(in: enough, long: enough)
        for fault in WorldFault.allCases { #expect(lacking.contains("faults: \(fault.rawValue)")) }
        for act in WorldIntent.allCases { #expect(lacking.contains("acts: \(act.rawValue)")) }
        #expect(lacking.contains("forgeries: fork"))
        #expect(!lacking.contains("course: ops accepted"))
    }
}
