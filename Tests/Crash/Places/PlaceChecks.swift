import Glibc

/// Stores and processes in places where they do not expect to be: stopped, doubled, put back.
final class PlaceChecks {
    private let scratch: Scratch
    private let report: Report
    private let relay: RelayProcess
    private var workspace = ""
    private let emma: Person
    private let omid: Person
    private var copies: [Person] = []

    private static let room = "#Köket"

    init(in scratch: Scratch, report: Report) throws {
        self.scratch = scratch
        self.report = report
        relay = RelayProcess("place-relay", in: scratch)
        emma = Person("emma", store: "place-emma", in: scratch)
        omid = Person("omid", store: "place-omid", in: scratch)
        let made = try emma.must(["init", "--user", "emma"])
        workspace = String(made.split(separator: " ").last ?? "")
        try omid.must(["init", "--user", "omid", "--workspace", workspace])
        try emma.must(["room", "create", "Köket", "--member", "omid"])
        try relay.mustStart()
        try send(emma, "först")
        try meet([emma, omid])
    }

    func run() {
        let begin = report.now
        let checks: [(String, () throws -> Void)] = [
            ("two processes on one store", twoProcesses),
            ("a holder that is killed while it carries out commands", killedHolder),
            ("a copy put back", copyPutBack), ("a folder cloned", folderCloned),
            ("a relay's folder put back", relayPutBack),
            ("a client that is stopped", stoppedClient), ("a relay that is stopped", stoppedRelay),
        ]
        for (name, check) in checks {
            report.count("situations")
            report.check(name, check)
        }
        relay.end(SIGKILL)
        report.summarize("places", since: begin)
    }

    private func send(_ person: Person, _ text: String) throws {
        try person.must(["send", Self.room, text])
    }

    /// Everybody syncs, twice for what the others bring, and holds the same, each text once.
    private func meet(_ people: [Person], has texts: [String] = []) throws {
        for person in people + people { try person.must(["sync", "--relay", relay.address]) }
        let digests = Set(try people.map { try $0.digest(Self.room) })
        guard digests.count == 1 else { throw Trouble("the digests differ") }
        for person in people {
            try person.must(["log", "verify"])
            let rows = try person.rows(Self.room)
            guard Set(rows.texts).count == rows.texts.count else {
                throw Trouble("doubled: \(rows.texts)")
            }
            for text in texts where rows.count(text) != 1 {
                throw Trouble("\(person.name) has '\(text)' \(rows.count(text)) times")
            }
        }
    }

    private func hold(_ person: Person) throws -> Child {
        let child = try person.start(["sync", "--watch", "--relay", relay.address])
        try Patience.until("\(person.name) is up to date") {
            if let code = child.poll() { throw Trouble("\(code): \(child.complained)") }
            return child.said.contains("up to date") ? true : nil
        }
        return child
    }

    private func twoProcesses() throws {
        let texts = (0..<12).map { "samtidigt \($0)" }
        let commands = try texts.map { try emma.start(["send", Self.room, $0]) }
        for command in commands {
            let code = try command.wait()
            guard code == 0 else { throw Trouble("\(code): \(command.complained)") }
        }
        try meet([emma, omid], has: texts)
    }

    private func killedHolder() throws {
        var returned: [String] = []
        for round in 0..<8 {
            let holder = try hold(emma)
            let texts = (0..<3).map { "hållen \(round).\($0)" }
            let commands = try texts.map { try emma.start(["send", Self.room, $0]) }
            Patience.pause(milliseconds: round * 8)
            holder.end(SIGKILL)
            for (text, command) in zip(texts, commands) {
                switch try command.wait() {
                case 0: returned.append(text)
                case 71, 75: break
                case let code: throw Trouble("send ended with \(code): \(command.complained)")
                }
            }
        }
        try meet([emma, omid], has: returned)
    }

    private func copyPutBack() throws {
        try send(emma, "före kopian, skickat")
        try meet([emma])
        try send(emma, "före kopian, inte skickat")
        let copy = emma.state
        try send(emma, "efter kopian")
        try meet([emma, omid])
        Files.remove(emma.folder)
        try copy.restore(to: emma.folder)
        try send(emma, "efter återläggningen")
        try meet(
            [emma, omid],
            has: [
                "före kopian, skickat", "före kopian, inte skickat", "efter kopian",
                "efter återläggningen",
            ])
    }

    private func folderCloned() throws {
        try send(emma, "före kloningen")
        let clone = Person("emma", store: "place-clone", in: scratch)
        try Files.copyFolder(emma.folder, clone.folder)
        try send(emma, "i originalet")
        try send(clone, "i klonen")
        try meet([emma])
        try meet([clone])
        try send(emma, "i originalet sedan")
        try send(clone, "i klonen sedan")
        try meet(
            [emma, clone, omid],
            has: [
                "före kloningen", "i originalet", "i klonen", "i originalet sedan",
                "i klonen sedan",
            ])
        copies.append(clone)
    }

    private func relayPutBack() throws {
        guard relay.end(SIGTERM) == 0 else { throw Trouble("it ends badly: \(relay.log)") }
        let copy = relay.state
        try relay.mustStart()
        try send(emma, "efter reläets kopia")
        try meet([emma, omid])
        relay.end(SIGKILL)
        Files.remove(relay.folder)
        try copy.restore(to: relay.folder)
        try relay.mustStart()
        guard relay.log.contains("a new epoch began") else {
            throw Trouble("the relay did not notice: \(relay.log)")
        }
        try send(omid, "i den nya epoken")
        try meet(
            [emma, omid] + copies, has: ["efter reläets kopia", "i den nya epoken"])
    }

    private func stoppedClient() throws {
        let (first, second) = (try hold(emma), try hold(omid))
        second.send(SIGSTOP)
        try send(emma, "medan omid står")
        second.send(SIGCONT)
        try Patience.until("omid gets it") {
            try omid.rows(Self.room).count("medan omid står") == 1 ? true : nil
        }
        guard first.end(SIGINT) == 0, second.end(SIGINT) == 0 else {
            throw Trouble("a holder ends badly")
        }
        try meet([emma, omid])
    }

    /// Links notice a relay that says nothing, keep what is written, and go on when it does.
    private func stoppedRelay() throws {
        let holder = try hold(emma)
        relay.send(SIGSTOP)
        try send(emma, "medan reläet står")
        try Patience.until("the link notices", milliseconds: 120_000) {
            try emma.must(["status", "--json"]).contains("\"state\" : \"upToDate\"") ? nil : true
        }
        relay.send(SIGCONT)
        try Patience.until("it goes on") {
            try emma.run(["sync"]).isDone ? true : nil
        }
        guard holder.end(SIGINT) == 0 else { throw Trouble("the holder ends badly") }
        try meet([emma, omid], has: ["medan reläet står"])
    }
}
