import FikaSimulation
import Glibc

/// Live traffic of two people through a relay, while processes are killed at any moment; every
/// second time the power goes with the process.
final class KillRun {
    private let scratch: Scratch
    private let report: Report
    private var generator: SplitMix64
    private let emma: Person
    private let omid: Person
    private let relay: RelayProcess
    /// Who holds a store and its link.
    private var holders: [String: Child] = [:]
    /// Texts whose command returned, and texts of which nothing is known.
    private var written: Set<String> = []
    private var sent: [(text: String, command: Child)] = []
    private var number = 0

    private static let room = "#Köket"

    init(in scratch: Scratch, seed: UInt64, report: Report) throws {
        self.scratch = scratch
        self.report = report
        generator = SplitMix64(seed: seed)
        emma = Person("emma", store: "kill-emma", in: scratch)
        omid = Person("omid", store: "kill-omid", in: scratch)
        relay = RelayProcess("kill-relay", in: scratch)
        try begin()
    }

    private var people: [Person] { [emma, omid] }

    private func begin() throws {
        let made = try emma.must(["init", "--user", "emma"])
        let workspace = String(made.split(separator: " ").last ?? "")
        try omid.must(["init", "--user", "omid", "--workspace", workspace])
        try emma.must(["room", "create", "Köket", "--member", "omid"])
        for person in people { try person.watch.begin() }
        try relay.watch.begin()
        try relay.mustStart(.changes)
        for person in [emma, omid, emma] { try person.must(["sync", "--relay", relay.address]) }
    }

    /// Kills until the relay and the clients have been killed so many times each.
    func run(kills: Int) {
        let begin = report.now
        report.check("kills") {
            for person in people { try hold(person) }
            var clients = 0
            var relays = 0
            while clients < kills || relays < kills, report.hasTime {
                try traffic()
                let isRelay = clients >= kills || (relays < kills && generator.bool())
                if isRelay {
                    relays += 1
                    try killRelay()
                } else {
                    clients += 1
                    try killHolder(generator.pick(people))
                }
                if (clients + relays) % 25 == 0 { try settle() }
                if (clients + relays) % 100 == 0 {
                    Report.say("kills: \(clients) of clients, \(relays) of the relay")
                }
            }
            report.count("relay kills", relays)
            report.count("client kills", clients)
            try settle()
        }
        endAll()
        report.summarize("kills", since: begin)
    }

    private func endAll() {
        for holder in holders.values { holder.end(SIGKILL) }
        holders = [:]
        sent = []
        relay.end(SIGKILL)
    }

    /// Starts the process that keeps a store connected; commands go through it or by themselves.
    private func hold(_ person: Person) throws {
        holders[person.name] = try person.start(
            ["sync", "--watch", "--relay", relay.address], .changes)
    }

    /// Some commands are under way when this returns, some have ended.
    private func traffic() throws {
        for _ in 0..<generator.number(in: 1...4) {
            number += 1
            let person = generator.pick(people)
            let text = "\(person.name) \(number)"
            sent.append((text, try person.start(["send", Self.room, text], .changes)))
        }
        Patience.pause(milliseconds: generator.number(in: 0...120))
        try collect(waits: false)
    }

    /// Notes which commands have returned, and how.
    private func collect(waits: Bool) throws {
        var rest: [(text: String, command: Child)] = []
        for (text, command) in sent {
            guard let code = waits ? try command.wait() : command.poll() else {
                rest.append((text, command))
                continue
            }
            switch code {
            case 0: written.insert(text)
            case 71, 75, 137: report.count("commands in vain")
            default: report.find("send ended with \(code): \(command.complained)")
            }
            command.removeFiles()
        }
        sent = rest
    }

    private func killRelay() throws {
        relay.end(SIGKILL)
        try losePower(relay.watch)
        try relay.mustStart(.changes)
    }

    private func killHolder(_ person: Person) throws {
        holders[person.name]?.end(SIGKILL)
        if generator.bool() {
            // The power goes for all that use the store.
            for (_, command) in sent { command.send(SIGKILL) }
            try collect(waits: true)
            try losePower(person.watch, surely: true)
        }
        try hold(person)
    }

    private func losePower(_ watch: Watch, surely: Bool = false) throws {
        guard surely || generator.bool() else { return }
        report.count("power losses")
        try PowerLoss.play(
            generator.bool() ? .lost : .torn, on: watch, using: &generator)
    }

    /// Lets everything come to rest, and compares all ends.
    private func settle() throws {
        try collect(waits: true)
        for person in people {
            if holders[person.name]?.poll() != nil { try hold(person) }
            try Patience.until("\(person.name) is up to date") {
                try person.run(["sync"], .changes).isDone ? true : nil
            }
        }
        for person in people { try person.must(["sync"], .changes) }
        for person in people { holders[person.name]?.end(SIGINT) }
        for person in [emma, omid, emma] { try person.must(["sync"], .changes) }
        let digests = try people.map { try $0.digest(Self.room) }
        guard digests[0] == digests[1] else { throw Trouble("the digests differ") }
        for person in people {
            try person.must(["log", "verify"], .changes)
            let texts = try allTexts(person)
            guard Set(texts).count == texts.count else { throw Trouble("doubled texts") }
            let lost = written.subtracting(texts)
            guard lost.isEmpty else { throw Trouble("\(person.name) lost \(lost.sorted())") }
        }
        for person in people { try hold(person) }
    }

    private func allTexts(_ person: Person) throws -> [String] {
        Rows(
            try person.must(["timeline", Self.room, "--limit", "10000", "--json"], .changes)
        ).texts
    }
}
