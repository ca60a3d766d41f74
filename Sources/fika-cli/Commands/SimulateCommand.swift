import ArgumentParser
import enum FikaCRDT.PlantedBug
import FikaSimulation
import FoundationEssentials
import Synchronization

/// Lives through worlds, and says what was found wrong and what was exercised.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Live through worlds full of faults, drawn from seeds",
        discussion: """
            A world has a relay and some devices of some people: the real code, over
            virtual time, network, disks and clocks. Its seed decides all that people
            do and all that goes wrong. Then everything heals, and what is promised is
            checked. A seed always does the same.

              fika simulate --seeds 500            worlds 1 to 500, stores in memory
              fika simulate --sqlite 50            50 on SQLite, on disks that fail
              fika simulate --seeds 1800 --sqlite 200 --fresh
                                                   both; half of the seeds are new ones
              fika simulate --long --minutes 5     long worlds, as many as fit
              fika simulate --start 17 --seeds 1 --trace
                                                   world 17 again, with all that happened

            What happened is counted at the end. A run in which too little happened
            fails: it would prove nothing.

            Exit codes: 0 all is well; 1 something was found, or too little happened.
            """)

    @Option(help: "How many worlds in memory; without --minutes and --sqlite 200")
    var seeds: Int?
    @Option(help: "How many worlds on SQLite, on disks that fail and lose power")
    var sqlite: Int?
    @Option(help: "The first world's seed; the others follow")
    var start: UInt64 = 1
    @Flag(help: "Let half of the worlds begin at a new seed, which is shown")
    var fresh = false
    @Option(help: "No world begins after so many minutes")
    var minutes: Double?
    @Flag(help: "At least 200 writes, more devices and more faults in each world")
    var long = false
    @Option(help: "How many worlds are lived through at a time; without it one a processor")
    var threads: Int?
    @Flag(help: "Show all that happened in the smallest world in which the same is wrong")
    var trace = false
    @Flag(
        inversion: .prefixedNo,
        help: "Leave out of the first ill worlds what they do not need to be ill; takes long")
    var shrink = true
    @Option(help: plantHelp("Plant a bug in the real code; worlds are to find it"))
    var plant: PlantedBug?
    @Flag(
        help: plantHelp(
            """
            Plant each bug in turn, or only that of --plant, in at most --seeds worlds, else \
            2000, until one is ill that is healthy without it
            """))
    var plants = false
    @OptionGroup var output: OutputOptions

    private static func plantHelp(_ text: ArgumentHelp) -> ArgumentHelp {
        var help = text
        help.visibility = PlantedBug.canBePlanted ? .default : .private
        return help
    }

    func validate() throws {
        guard seeds ?? 1 >= 0, sqlite ?? 1 >= 0, seeds ?? 1 > 0 || sqlite ?? 0 > 0 else {
            throw ValidationError("no worlds are asked for")
        }
        guard minutes ?? 1 > 0, threads ?? 1 > 0 else {
            throw ValidationError("--minutes and --threads are above 0")
        }
        guard PlantedBug.canBePlanted || plant == nil && !plants else {
            throw ValidationError("this build has no bugs: make simulate ARGS=--plants")
        }
    }

    func run() throws {
        plants ? try runPlants() : try runWorlds()
    }

    private var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

    /// Short enough to be typed.
    private static func drawnSeed() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return UInt64.random(in: 1_000_000...999_999_999_999, using: &generator)
    }

    /// Which worlds: those of ``start``, then new ones.
    private func ranges() -> [WorldRange] {
        let isOpen = minutes != nil && sqlite == nil
        let memory = seeds ?? (isOpen ? .max : sqlite == nil ? 200 : 0)
        let fresh = fresh ? Self.drawnSeed() : nil
        if let fresh { StandardError.write("fika: new worlds begin at seed \(fresh)\n") }
        return [(memory, false), (sqlite ?? 0, true)].flatMap { count, isOnDisks in
            guard let fresh else {
                return [
                    WorldRange(start: start, count: count, isOnDisks: isOnDisks, isLong: long)
                ]
            }
            return [(start, count - count / 2), (fresh, count / 2)].map { start, count in
                WorldRange(start: start, count: count, isOnDisks: isOnDisks, isLong: long)
            }
        }
    }

    /// Whether there is time for another world.
    private var hasTime: @Sendable () -> Bool {
        let stopwatch = Stopwatch()
        return { [minutes] in minutes.map { stopwatch.seconds < $0 * 60 } ?? true }
    }

    private func runWorlds() throws {
        let progress = ProgressLine("worlds", step: 10)
        let stopwatch = Stopwatch()
        let hasTime = hasTime
        let simulation = Simulation.run(
            ranges(), on: threadCount, planting: plant, keepingLines: trace ? 100_000 : 0,
            upTo: plant == nil ? 10 : 1, shrinks: shrink
        ) { simulation in
            progress.update(simulation.worldCount)
            return hasTime()
        }
        progress.finish()
        let text = SimulationText(
            simulation, seconds: stopwatch.seconds, plant: plant, showsTrace: trace)
        print(output.isJSON ? JSONText.text(text.record) : text.text)
        guard simulation.isGood else { throw ProgramStatus.refused.code }
    }

    private func runPlants() throws {
        let bugs = plant.map { [$0] } ?? PlantedBug.allCases
        let stopwatch = Stopwatch()
        let (start, long, most, hasTime) = (start, long, seeds ?? 2000, hasTime)
        let found = Mutex<[PlantTrial]>([])
        Workers.run(bugs.count, on: threadCount) { index in
            PlantTrial(
                bugs[index], from: start, isLong: long, atMost: most, whileTrue: hasTime)
        } take: { trial in
            StandardError.write("fika: \(PlantText.line(trial))\n")
            found.withLock { $0.append(trial) }
            return true
        }
        let trials = found.withLock { $0 }
        let text = PlantText(trials, seconds: stopwatch.seconds)
        print(output.isJSON ? JSONText.text(text.records) : text.text)
        guard trials.allSatisfy(\.isCaught) else { throw ProgramStatus.refused.code }
    }
}

extension PlantedBug: ExpressibleByArgument {}
