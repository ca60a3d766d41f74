import FikaCRDT
import FikaSimulation

/// What a simulation says at its end.
struct SimulationText {
    private let simulation: Simulation
    private let seconds: Double
    private let plant: PlantedBug?
    private let showsTrace: Bool

    init(_ simulation: Simulation, seconds: Double, plant: PlantedBug?, showsTrace: Bool) {
        self.simulation = simulation
        self.seconds = seconds
        self.plant = plant
        self.showsTrace = showsTrace
    }

    private var opCount: Int { simulation.counts.count(.course, "ops accepted") }

    private func replay(_ world: WorldReport) -> String {
        let planted = plant.map { " --plant \($0.rawValue)" } ?? ""
        let place = world.plan.isOnDisks ? "--sqlite" : "--seeds"
        let length = world.plan.isLong ? " --long" : ""
        return "fika simulate --start \(world.seed) \(place) 1\(length) --trace\(planted)"
    }

    var text: String {
        (failureLines + countLines + verdictLines).joined(separator: "\n")
    }

    private var failureLines: [String] { simulation.failures.flatMap { lines(of: $0) } }

    private func lines(of world: WorldReport) -> [String] {
        var lines = ["Seed \(world.seed)\(world.plan.isOnDisks ? ", on SQLite" : ""):"]
        for finding in world.findings { lines.append("  \(finding)") }
        if !world.story.isEmpty { lines.append("  What is left of it as small as it goes:") }
        for line in world.story { lines.append("    \(line)") }
        if showsTrace {
            lines.append("  …")
            for line in world.lastLines { lines.append("  \(line)") }
        }
        lines.append("  again: \(replay(world))")
        lines.append("")
        return lines
    }

    private var countLines: [String] {
        WorldCounts.Group.allCases.compactMap { group in
            let values = simulation.counts.values(of: group)
            guard !values.isEmpty else { return nil }
            let listed = values.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
            return "\(group.rawValue): \(listed)"
        }
    }

    private var verdictLines: [String] {
        let lacking = simulation.lacking.map { "Too little happened: no \($0)" }
        let (worlds, ill) = (simulation.worldCount, simulation.failures.count)
        let health = ill == 0 ? "all well" : "\(ill) ill"
        let onDisks = simulation.diskWorldCount
        let place = onDisks > 0 ? " (\(onDisks) on SQLite)" : ""
        let amount =
            "\(worlds) worlds\(place), \(health), \(opCount) ops, \(simulation.lineCount) events"
        let speed =
            "\(Int(seconds)) s, \(perSecond(worlds)) worlds and \(perSecond(opCount)) ops a second"
        let trace = "Trace \(String(simulation.traceHash, radix: 16))"
        return lacking + [trace, "\(amount); \(speed)"]
    }

    private func perSecond(_ count: Int) -> Int {
        seconds > 0 ? Int(Double(count) / seconds) : count
    }

    var record: SimulationRecord {
        var counts: [String: [String: Int]] = [:]
        for group in WorldCounts.Group.allCases {
            for (name, count) in simulation.counts.values(of: group) {
                counts[group.rawValue, default: [:]][name] = count
            }
        }
        return SimulationRecord(
            worlds: simulation.worldCount, worldsOnSQLite: simulation.diskWorldCount, ops: opCount,
            events: simulation.lineCount,
            seconds: seconds, counts: counts, lacking: simulation.lacking,
            failures: simulation.failures.map {
                SimulationRecord.Failure(
                    seed: $0.seed, findings: $0.findings, replay: replay($0))
            })
    }
}
