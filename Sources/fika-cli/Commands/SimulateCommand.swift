import ArgumentParser
import enum FikaCRDT.PlantedBug
import FikaSimulation

/// Lives through worlds, and says what was found wrong and what was exercised.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Live through worlds full of faults, drawn from seeds",
        discussion: """
            A world has a relay and some devices of some people: the real code, over
            virtual time, network, disks and clocks. Its seed decides all that people
            do and all that goes wrong. Then everything heals, and what is promised is
            checked. A seed always does the same.

              fika simulate --seeds 500            worlds 1 to 500
              fika simulate --minutes 5            as many as fit
              fika simulate --start 17 --seeds 1 --trace
                                                   world 17 again, with what happened last

            What happened is counted at the end. A run in which too little happened
            fails: it would prove nothing.

            Exit codes: 0 all is well; 1 something was found, or too little happened.
            """)

    @Option(help: "How many worlds; without --minutes 200")
    var seeds: Int?
    @Option(help: "The first world's seed; the others follow")
    var start: UInt64 = 1
    @Option(help: "No world begins after so many minutes")
    var minutes: Double?
    @Flag(help: "Show the last things that happened in a world in which something is wrong")
    var trace = false
    @Option(help: plantHelp("Plant a bug in the real code; worlds are to find it"))
    var plant: PlantedBug?
    @Flag(help: plantHelp("Plant each bug in turn, at most --seeds worlds for each"))
    var plants = false
    @OptionGroup var output: OutputOptions

    private static func plantHelp(_ text: ArgumentHelp) -> ArgumentHelp {
        var help = text
        help.visibility = PlantedBug.canBePlanted ? .default : .private
        return help
    }

    func validate() throws {
        guard seeds ?? 1 > 0, minutes ?? 1 > 0 else {
            throw ValidationError("--seeds and --minutes are above 0")
        }
        guard PlantedBug.canBePlanted || plant == nil && !plants else {
            throw ValidationError("this build has no bugs: make simulate ARGS=--plants")
        }
    }

    func run() throws {
        plants ? try runPlants() : try PlantedBug.plant(plant) { try runWorlds() }
    }

    private func runWorlds() throws {
        let count = UInt64(seeds ?? (minutes == nil ? 200 : Int.max))
        let last = start.addingReportingOverflow(count - 1)
        let range = start...(last.overflow ? .max : last.partialValue)
        let progress = ProgressLine("worlds", step: 10)
        let stopwatch = Stopwatch()
        let simulation = Simulation.run(range, upTo: plant == nil ? 10 : 1) { simulation in
            progress.update(simulation.worldCount)
            return minutes.map { stopwatch.seconds < $0 * 60 } ?? true
        }
        progress.finish()
        let text = SimulationText(
            simulation, seconds: stopwatch.seconds, plant: plant, showsTrace: trace)
        print(output.isJSON ? JSONText.text(text.record) : text.text)
        guard simulation.isGood else { throw ProgramStatus.refused.code }
    }

    private func runPlants() throws {
        let most = UInt64(seeds ?? 2000)
        let last = start.addingReportingOverflow(most - 1)
        let range = start...(last.overflow ? .max : last.partialValue)
        var trials: [PlantTrial] = []
        for bug in PlantedBug.allCases {
            let trial = PlantTrial(bug, seeds: range)
            StandardError.write("fika: \(PlantText.line(trial))\n")
            trials.append(trial)
        }
        let text = PlantText(trials)
        print(output.isJSON ? JSONText.text(text.records) : text.text)
        guard trials.allSatisfy(\.isCaught) else { throw ProgramStatus.refused.code }
    }
}

extension PlantedBug: ExpressibleByArgument {}
