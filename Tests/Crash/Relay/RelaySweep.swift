import FikaSimulation

/// Plays cases on the program `fikad`, and looks at what it has afterwards.
final class RelaySweep {
    private let workload: RelayWorkload
    private let scratch: Scratch
    private let report: Report

    init(in scratch: Scratch, report: Report) throws {
        self.scratch = scratch
        self.report = report
        workload = try RelayWorkload(in: scratch)
    }

    /// All cases, or one in so many.
    func run(stride: Int, only filter: String?) {
        let all = workload.stages.enumerated().flatMap {
            FaultCase.all($1.records, reads: $1.reads, stage: $0)
        }
        report.play(
            "relay", all,
            named: { "relay \(workload.stages[$0.stage].name), \($0.description)" },
            only: filter, oneIn: stride
        ) { try play($0, &$1) }
    }

    private func play(_ test: FaultCase, _ generator: inout SplitMix64) throws {
        let stage = workload.stages[test.stage]
        let relay = stage.relay
        defer { relay.end(9) }
        try workload.restore(stage)
        let until = scratch.path("relay-mended")
        Files.remove(until)
        let fault = Fault(
            way: test.fault, operation: test.operation, until: test.lasts ? until : nil)
        if try relay.start(.fault(fault), anywhere: true) { try visit(stage) }
        var promised = try promises()
        try Files.write([], to: until)
        if test.fault == .crash {
            Patience.pause(milliseconds: relay.isRunning ? stage.restMilliseconds : 0)
            relay.end(15)
        } else {
            try goOn(stage)
            promised.formUnion(try promises())
        }
        if let complaint = complaint(relay) { throw Trouble(complaint) }
        if test.fault != .crash { relay.end(generator.bool() ? 9 : 15) }
        try PowerLoss.play(test.loss, on: relay.watch, using: &generator)
        try relay.mustStart(anywhere: true)
        if relay.log.contains("a new epoch") { throw Trouble("a new epoch without reason") }
        try lookAlone(promised, stage)
        try meet(stage)
    }

    /// What a relay that ended by itself may not have come to.
    private func complaint(_ relay: RelayProcess) -> String? {
        guard let code = relay.code, ![0, 71, 137].contains(code) else { return nil }
        return "fikad ended with \(code): \(relay.log)"
    }

    /// Those who sync come to a result, whatever it is.
    private func visit(_ stage: RelayStage) throws {
        for name in stage.visitors {
            let result = try workload.person(name).run(
                ["sync", "--relay", stage.relay.address])
            if let complaint = result.complaint { throw Trouble("\(name): \(complaint)") }
            if !result.isDone { report.count("syncs in vain") }
        }
    }

    /// The relay goes on by itself once the disk is mended; one that could not begin is begun.
    private func goOn(_ stage: RelayStage) throws {
        let relay = stage.relay
        if !relay.isRunning {
            if let complaint = complaint(relay) { throw Trouble(complaint) }
            report.count("relays that did not begin")
            try relay.mustStart(.changes, anywhere: true)
        }
        for name in stage.visitors {
            let (person, arguments) = (workload.person(name), ["sync", "--relay", relay.address])
            let before = failures(relay)
            var result = try person.run(arguments)
            // Some operations depend on the time: a fault may happen only now, and it happens once.
            if !result.isDone, failures(relay) > before { result = try person.run(arguments) }
            guard result.isDone else {
                throw Trouble("once mended, \(name): \(result.errors)\(relay.log)")
            }
        }
    }

    private func failures(_ relay: RelayProcess) -> Int {
        relay.log.matches(of: /a turn failed/).count
    }

    /// What somebody was told: texts that the relay acknowledged or handed out.
    private func promises() throws -> Set<String> {
        let emma = try workload.emma.rows(RelayWorkload.room).acceptedTexts
        let omid = try workload.omid.run(
            ["timeline", RelayWorkload.room, "--limit", "1000", "--json"])
        let rows = Rows(omid.output)
        let others = rows.all.filter { $0.author != "omid" }.compactMap(\.text)
        return Set(emma + rows.acceptedTexts + others).subtracting([RelayWorkload.deleted])
    }

    /// Somebody who has met nobody gets all that was promised.
    private func lookAlone(_ promised: Set<String>, _ stage: RelayStage) throws {
        let nils = workload.nils
        let result = try nils.run(["sync", "--relay", stage.relay.address])
        guard result.isDone else { throw Trouble("nils: \(result.errors)\(stage.relay.log)") }
        guard !promised.isEmpty else { return }
        let texts = Set(try nils.rows(RelayWorkload.room).all.compactMap(\.text))
        let lost = promised.subtracting(texts)
        guard lost.isEmpty else { throw Trouble("the relay lost \(lost.sorted())") }
        report.count("promises kept", promised.count)
    }

    /// Everybody syncs and holds the same, each text once.
    private func meet(_ stage: RelayStage) throws {
        let people = workload.people
        for person in people + people {
            try person.must(["sync", "--relay", stage.relay.address])
        }
        let digests = Set(try people.map { try $0.digest(RelayWorkload.room) })
        guard digests.count == 1 else { throw Trouble("the digests differ") }
        let texts = try workload.nils.rows(RelayWorkload.room).texts
        guard Set(texts).count == texts.count else { throw Trouble("doubled: \(texts)") }
        for text in ["ett", "två", "tre"] where !texts.contains(text) {
            throw Trouble("\(text) is lost")
        }
        for person in people { try person.must(["log", "verify"]) }
    }
}
