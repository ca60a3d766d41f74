/// The fixed workload of a client: taken once undisturbed, each step with all that it starts from.
final class ClientWorkload {
    let emma: Person
    let omid: Person
    let relay: RelayProcess
    private(set) var stages: [ClientStage] = []
    private var facts: [String: Fact] = [:]
    private let scratch: Scratch

    static let room = "#Köket"

    init(in scratch: Scratch) throws {
        self.scratch = scratch
        emma = Person("emma", in: scratch)
        omid = Person("omid", in: scratch)
        relay = RelayProcess(in: scratch)
        try takeAll()
    }

    private func takeAll() throws {
        // In a folder of its own: elsewhere the marker stays the same file from here on.
        let beginner = Person("emma", store: "begin", in: scratch)
        try take("init", ["init", "--user", "emma"], by: beginner)
        let made = try emma.must(["init", "--user", "emma"])
        let workspace = String(made.split(separator: " ").last ?? "")
        try take("create", ["room", "create", "Köket", "--member", "omid"], ["room": hasRoom])
        let one = try take("send", ["send", Self.room, "ett"], ["ett": has("ett")])
        let two = try take(
            "send 2", ["send", Self.room, "två"], ["två": has("två")], isPlayed: false)
        try take("edit", ["edit", one, "ett, rättat"], ["ett": has("ett, rättat")])
        try take("react", ["react", two, "👍"], ["👍": shows("👍")], isPlayed: false)
        try take(
            "reply", ["reply", one, "svaret"], ["svaret": has("svaret")], isPlayed: false)
        let poll = try take(
            "poll", ["poll", "create", Self.room, "Vad?", "bulle", "semla"],
            ["poll": shows("semla")])
        try take("vote", ["poll", "vote", poll, "2"], isPlayed: false)
        try take(
            "pin", ["pin", two], ["pin": Fact("pin") { $0.rows.row("två")?.pinnedBy != nil }])
        try relay.mustStart()
        try omid.must(["init", "--user", "omid", "--workspace", workspace])
        try sync("sync")
        try meet(["omids första", "omids andra"])
        try sync("sync 2", ["omid": has("omids första"), "omid 2": has("omids andra")])
        try take("read", ["read", Self.room], ["read": isRead])
        try take(
            "delete", ["delete", two],
            ["två": isGone("två"), "pin": anything, "👍": anything])
        try sync("sync 3", ["erased": areErased(["två"])])
        try importDay()
        try meet((1...20).map { "omid igen \($0)" })
        try sync("sync 4", ["omid 20": has("omid igen 20"), "read": anything])
        try take("private", ["send", "@omid", "under fyra ögon"])
        try exchange()
        relay.end(15)
    }

    private func importDay() throws {
        let day = scratch.path("2024-05-01.txt")
        let lines = (0..<60).map { "[08:\($0 < 10 ? "0" : "")\($0)] <nisse> rad \($0)\n" }
        try Files.write(Array(lines.joined().utf8), to: day)
        try take(
            "import", ["import", "irc", Self.room, day],
            ["rad": Fact("rad") { $0.rows.count("rad 59") == 1 }])
    }

    /// By file, and from device to device.
    private func exchange() throws {
        let file = scratch.path("emma.export")
        try take("export", ["log", "export", file, Self.room])
        try omid.must(["send", Self.room, "i en fil"])
        let other = scratch.path("omid.export")
        try omid.must(["log", "export", other, Self.room])
        try take("take in", ["log", "import", other], ["fil": has("i en fil")])
        try take("rename", ["room", "rename", Self.room, "Köket"])
    }

    /// Omid meets the relay, and writes.
    private func meet(_ texts: [String]) throws {
        try omid.must(["sync", "--relay", relay.address])
        for text in texts { try omid.must(["send", Self.room, text]) }
        try omid.must(["sync"])
    }

    private func sync(_ name: String, _ facts: [String: Fact] = [:]) throws {
        var facts = facts
        facts["sent"] = Fact("all is sent") { view in
            view.rows.all.allSatisfy { $0.isAccepted }
        }
        try take(name, ["sync", "--relay", "RELAY"], facts, needsRelay: true)
        self.facts["sent"] = nil
    }

    @discardableResult
    private func take(
        _ name: String, _ arguments: [String], _ new: [String: Fact] = [:],
        needsRelay: Bool = false, by person: Person? = nil, isPlayed: Bool = true
    ) throws -> String {
        let person = person ?? emma
        let folders = needsRelay ? try quietFolders() : [person.folder: person.state]
        let before = facts
        try person.watch.begin()
        let result = try person.must(arguments.map(named), .changes)
        facts.merge(new) { $1 }
        // Steps whose file operations are those of another are only taken.
        guard isPlayed else {
            try check(name, facts)
            return result
        }
        stages.append(
            ClientStage(
                name: name, needsRelay: needsRelay, arguments: arguments, folders: folders,
                person: person, reads: person.watch.counted.reads,
                records: person.watch.records.map(\.kind), before: before, after: facts))
        try check(name, facts)
        return result
    }

    /// The relay is ended for a moment, so that its files are at rest.
    private func quietFolders() throws -> [String: FolderState] {
        relay.end(15)
        let folders = [
            emma.folder: emma.state, omid.folder: omid.state, relay.folder: relay.state,
        ]
        try relay.mustStart()
        return folders
    }

    func named(_ argument: String) -> String {
        argument == "RELAY" ? relay.address : argument
    }

    private func check(_ name: String, _ facts: [String: Fact]) throws {
        let view = try ClientView(emma)
        for fact in facts.values where !fact.holds(view) {
            throw Trouble("undisturbed, after \(name): not so: \(fact.name)")
        }
    }
}

// What is true.
extension ClientWorkload {
    private var hasRoom: Fact { Fact("the room is there") { $0.isReadable } }
    private var anything: Fact { Fact("anything") { _ in true } }
    private var isRead: Fact {
        Fact("all is read") { $0.rows.all.allSatisfy { !$0.isUnread } }
    }

    private func has(_ text: String) -> Fact {
        Fact("\(text) is there once") { $0.rows.count(text) >= 1 }
    }

    private func shows(_ text: String) -> Fact {
        Fact("\(text) shows") { $0.rows.json.contains(text) }
    }

    private func isGone(_ text: String) -> Fact {
        Fact("\(text) does not show") { $0.rows.count(text) == 0 }
    }

    private func areErased(_ texts: [String]) -> Fact {
        Fact("erased bytes are in no file") { view in
            let state = view.person.state
            return texts.allSatisfy { !state.holds($0) }
        }
    }
}
