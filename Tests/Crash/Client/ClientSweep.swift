import FikaSimulation

/// Plays cases on the program `fika`, and looks at what is left.
final class ClientSweep {
    private let workload: ClientWorkload
    private let scratch: Scratch
    private let report: Report

    init(in scratch: Scratch, report: Report) throws {
        self.scratch = scratch
        self.report = report
        workload = try ClientWorkload(in: scratch)
    }

    /// All cases, or one in so many.
    func run(stride: Int, only filter: String?) {
        let all = workload.stages.enumerated().flatMap {
            FaultCase.all($1.records, reads: $1.reads, stage: $0)
        }
        if stride == 1 {
            let counts = workload.stages.indices.map { stage in
                "\(workload.stages[stage].name) \(all.count { $0.stage == stage })"
            }
            Report.say("client: \(counts.joined(separator: ", "))")
        }
        report.play(
            "client", all,
            named: { "client \(workload.stages[$0.stage].name), \($0.description)" },
            only: filter, oneIn: stride
        ) { try play($0, &$1) }
    }

    /// The harness sees what a disk that lies does to a message that was written.
    func checkItself() {
        let emma = workload.emma
        report.check("the harness itself") {
            guard let stage = workload.stages.first(where: { $0.name == "send" }) else { return }
            try restore(stage)
            let fault = Fault(way: .crash, operation: .max, lies: true)
            let result = try emma.run(stage.arguments, .fault(fault))
            let journal = Files.bytes(emma.watch.journal) ?? []
            let whole = JournalRecord.all(journal).count
            guard whole > 0, JournalRecord.all(journal.prefix(70) + journal).count == whole else {
                throw Trouble("a record that a kill cut short hides others")
            }
            var generator = report.chance.generator(for: "the harness itself")
            try PowerLoss.play(.lost, on: emma.watch, using: &generator)
            let isKept = (try? look("reopened", stage, stage.after, verifies: true)) != nil
            guard result.isDone, !isKept else {
                throw Trouble("a disk that lies goes unnoticed")
            }
        }
    }

    private func play(_ test: FaultCase, _ generator: inout SplitMix64) throws {
        let stage = workload.stages[test.stage]
        let emma = stage.person
        try restore(stage)
        let until = scratch.path("mended")
        Files.remove(until)
        let fault = Fault(
            way: test.fault, operation: test.operation, until: test.lasts ? until : nil)
        let result = try emma.run(stage.arguments.map(workload.named), .fault(fault))
        if test.fault == .crash {
            guard result.isDone || result.code == 137 else {
                throw Trouble("ended with \(result.code): \(result.errors)")
            }
            try PowerLoss.play(test.loss, on: emma.watch, using: &generator)
        } else if let complaint = result.complaint {
            throw Trouble(complaint)
        }
        if !result.isDone { report.count("failed commands") }
        let returned = result.isDone ? stage.after : [:]
        // Verified here where power was lost, in the end where something failed and all goes on.
        let isCrash = test.fault == .crash
        let reopened = try look("reopened", stage, returned, verifies: isCrash)
        try Files.write([], to: until)
        try goOn(stage, after: result, reopened)
        if test.fault != .crash {
            try PowerLoss.play(test.loss, on: emma.watch, using: &generator)
        }
        let view = try look("in the end", stage, stage.after, verifies: !isCrash)
        guard !hasRoom(stage) || view.map({ $0.rows.count("efteråt") == 1 }) == true else {
            throw Trouble("what was written afterwards is lost")
        }
        if stage.needsRelay { try meet() }
        workload.relay.end(9)
    }

    private func restore(_ stage: ClientStage) throws {
        for (folder, state) in stage.folders.sorted(by: { $0.key < $1.key }) {
            try state.restore(to: folder)
        }
        try stage.person.watch.begin()
        if stage.needsRelay { try workload.relay.mustStart(anywhere: true) }
    }

    private func hasRoom(_ stage: ClientStage) -> Bool { stage.after["room"] != nil }

    /// The same step succeeds now, and so does what is new.
    private func goOn(
        _ stage: ClientStage, after result: Person.Result, _ view: ClientView?
    ) throws {
        let emma = stage.person
        if !result.isDone, !hasTakenEffect(stage, view) {
            let again = try emma.run(stage.arguments.map(workload.named), .changes)
            let isThere = stage.name == "init" && again.errors.contains("already")
            guard again.isDone || isThere else {
                throw Trouble("the same again fails: \(again.errors); first: \(result.errors)")
            }
        }
        guard hasRoom(stage) else { return }
        try emma.must(["send", ClientWorkload.room, "efteråt"], .changes)
    }

    /// Whether a step that did not return did all that it was asked for.
    private func hasTakenEffect(_ stage: ClientStage, _ view: ClientView?) -> Bool {
        guard let view, stage.after.count > stage.before.count else { return false }
        return stage.after.values.allSatisfy { $0.holds(view) }
    }

    /// What was true is: before the step, and where it returned after it.
    @discardableResult
    private func look(
        _ when: String, _ stage: ClientStage, _ returned: [String: Fact], verifies: Bool
    ) throws -> ClientView? {
        let emma = stage.person
        // Where the store itself was being made there may be none.
        let mayLack = stage.before.isEmpty && returned.isEmpty
        if verifies || mayLack {
            let verified = try emma.run(["log", "verify"], .changes)
            if mayLack, verified.code == 1 { return nil }
            guard verified.isDone else {
                throw Trouble("\(when): \(verified.output)\(verified.errors)")
            }
        }
        let view = try ClientView(emma)
        for (name, fact) in stage.before where !fact.holds(view) {
            if let new = stage.after[name], new.holds(view) { continue }
            throw Trouble("\(when): not so any more: \(fact.name)")
        }
        for (name, fact) in returned where name != "sent" || when == "reopened" {
            guard fact.holds(view) else { throw Trouble("\(when): not so: \(fact.name)") }
        }
        return view
    }

    /// Everybody syncs and holds the same.
    private func meet() throws {
        let (emma, omid, relay) = (workload.emma, workload.omid, workload.relay)
        try emma.must(["sync", "--relay", relay.address])
        try omid.must(["sync", "--relay", relay.address])
        try emma.must(["sync"])
        let digests = try [emma, omid].map { try $0.digest(ClientWorkload.room) }
        guard digests[0] == digests[1] else { throw Trouble("the digests differ") }
        let rows = try omid.rows(ClientWorkload.room)
        guard rows.count("efteråt") >= 1 else { throw Trouble("omid lacks what came afterwards") }
        for text in ["ett, rättat", "svaret"] where rows.count(text) != 1 {
            throw Trouble("omid has \(text) \(rows.count(text)) times")
        }
        try omid.must(["log", "verify"])
    }
}
