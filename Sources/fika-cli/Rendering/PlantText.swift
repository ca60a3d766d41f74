import FikaCRDT
import FikaSimulation

/// Which planted bugs were caught, by what, and in how many worlds.
struct PlantText {
    private let trials: [PlantTrial]
    private let seconds: Double

    init(_ trials: [PlantTrial], seconds: Double) {
        self.trials = trials
        self.seconds = seconds
    }

    /// What became of one.
    static func line(_ trial: PlantTrial) -> String {
        let finding = trial.findings.first ?? "nothing found it"
        return "\(trial.bug.rawValue), \(trial.worldCount) worlds: \(finding)"
    }

    var text: String {
        var table = Table()
        table.add("bug", "stores", "caught by", "worlds", "seed")
        for trial in trials {
            table.add(
                trial.bug.rawValue, trial.bug.isOfStores ? "SQLite" : "memory",
                trial.invariant ?? "nothing", "\(trial.worldCount)",
                trial.seed.map { "\($0)" } ?? "-")
        }
        let caught = trials.count(where: \.isCaught)
        let worlds = trials.reduce(0) { $0 + $1.worldCount }
        return table.text
            + "\n\(caught) of \(trials.count) planted bugs caught, \(worlds) worlds, "
            + "\(Int(seconds)) s"
    }

    var records: [PlantRecord] {
        trials.map {
            PlantRecord(
                bug: $0.bug.rawValue, isCaught: $0.isCaught, invariant: $0.invariant,
                worlds: $0.worldCount, seed: $0.seed, findings: $0.findings)
        }
    }
}
