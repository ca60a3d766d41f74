import FikaSimulation

/// Repairs are disturbed as everything else is: what verifies is not lost by it, and the same
/// again succeeds.
final class RepairSweep {
    private let scene: DamageScene
    private let scratch: Scratch
    private let report: Report
    /// The databases with one bit of a text changed.
    private var damaged: [String: [UInt8]] = [:]

    private static let client = "fika.sqlite"
    private static let relay = "relay.sqlite"

    init(in scratch: Scratch, report: Report) throws {
        self.scratch = scratch
        self.report = report
        scene = try DamageScene("repair", in: scratch)
    }

    func run(stride: Int, only filter: String?) throws {
        try damage(Self.client, of: scene.emma.folder) {
            try !scene.emma.run(["log", "verify"]).isDone
        }
        try damage(Self.relay, of: scene.relay.folder) {
            defer { scene.relay.end(9) }
            try scene.relay.mustStart(anywhere: true, repairs: true)
            return isSetAside(scene.relay.folder)
        }
        try restore()
        try scene.emma.must(["log", "repair"], .changes)
        run("repair client", scene.emma.watch, stride: stride, only: filter, playClient)
        try restore()
        try scene.relay.mustStart(.changes, anywhere: true, repairs: true)
        scene.relay.end(15)
        run("repair relay", scene.relay.watch, stride: stride, only: filter, playRelay)
    }

    /// Plays the cases of what a watch has just seen done.
    private func run(
        _ part: String, _ watch: Watch, stride: Int, only filter: String?,
        _ play: (FaultCase, Fault, inout SplitMix64) throws -> Void
    ) {
        let records = watch.records.map(\.kind)
        let cases = FaultCase.all(records, reads: watch.counted.reads, stage: 0)
        let until = scratch.path("repair-mended")
        report.play(
            part, cases, named: { "\(part), \($0.description)" }, only: filter,
            oneIn: stride
        ) { test, generator in
            Files.remove(until)
            defer { scene.relay.end(9) }
            try restore()
            let fault = Fault(
                way: test.fault, operation: test.operation, until: test.lasts ? until : nil)
            try play(test, fault, &generator)
        }
    }

    /// Changes a bit of a text so that it is noticed.
    private func damage(
        _ file: String, of folder: String, isNoticed: () throws -> Bool
    ) throws {
        let bytes = scene.unsent.folders[folder]?.files[file] ?? []
        let text = Array("omids två".utf8)
        for place in bytes.indices where bytes[place...].starts(with: text) {
            damaged[file] = bytes
            damaged[file]?[place] ^= 4
            try restore()
            if try isNoticed() { return }
        }
        throw Trouble("\(file) holds no text whose change is noticed")
    }

    private func restore() throws {
        try scene.restore(scene.unsent)
        if let bytes = damaged[Self.client] {
            try Files.write(bytes, to: scene.emma.folder + "/" + Self.client)
        }
        if let bytes = damaged[Self.relay] {
            try Files.write(bytes, to: scene.relay.folder + "/" + Self.relay)
        }
        try scene.emma.watch.begin()
        try scene.relay.watch.begin()
    }

    private func isSetAside(_ folder: String) -> Bool {
        Files.exists(folder + "/damaged-1.sqlite")
    }

    private func playClient(
        _ test: FaultCase, _ fault: Fault, _ generator: inout SplitMix64
    ) throws {
        let (emma, omid, relay) = (scene.emma, scene.omid, scene.relay)
        let result = try emma.run(["log", "repair"], .fault(fault))
        if test.fault == .crash {
            guard [0, 137].contains(result.code) else {
                throw Trouble("ended with \(result.code): \(result.errors)")
            }
            try PowerLoss.play(test.loss, on: emma.watch, using: &generator)
        } else if let complaint = result.complaint {
            throw Trouble(complaint)
        }
        try mend(fault)
        // One that failed may be undone by a loss of power as long as nothing more is written.
        let hasFailed = test.fault != .crash && !result.isDone
        if try hasFailed || !emma.run(["log", "verify"], .changes).isDone {
            try emma.must(["log", "repair"], .changes)
        }
        if test.fault != .crash {
            try PowerLoss.play(test.loss, on: emma.watch, using: &generator)
        }
        guard isSetAside(emma.folder) else { throw Trouble("the damaged file is gone") }
        try relay.mustStart(anywhere: true, repairs: true)
        try scene.meet([emma, omid], has: scene.unsent.texts)
    }

    private func playRelay(
        _ test: FaultCase, _ fault: Fault, _ generator: inout SplitMix64
    ) throws {
        let (relay, people) = (scene.relay, [scene.emma, scene.omid, scene.nils])
        let begins = try relay.start(.fault(fault), anywhere: true, repairs: true)
        guard begins || [71, 137].contains(relay.code) else {
            throw Trouble("fikad ended: \(relay.log)")
        }
        try mend(fault)
        if test.fault != .crash, !relay.isRunning {
            try relay.mustStart(.changes, anywhere: true, repairs: true)
        }
        relay.end(generator.bool() ? 9 : 15)
        try PowerLoss.play(test.loss, on: relay.watch, using: &generator)
        try relay.mustStart(anywhere: true, repairs: true)
        guard isSetAside(relay.folder) else { throw Trouble("the damaged file is gone") }
        try people[0].must(["log", "repair"])
        try scene.meet(people, has: scene.unsent.texts)
    }

    private func mend(_ fault: Fault) throws {
        if let until = fault.until { try Files.write([], to: until) }
    }
}
