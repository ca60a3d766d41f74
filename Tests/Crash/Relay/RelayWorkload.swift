/// The fixed workload of a relay: situations from which it is started again and again.
final class RelayWorkload {
    let people: [Person]
    private let relay: RelayProcess
    private(set) var stages: [RelayStage] = []
    private let scratch: Scratch

    static let room = "#Köket"
    /// Sent and deleted again; it need not be anywhere.
    static let deleted = "bort med detta"
    var emma: Person { people[0] }
    var omid: Person { people[1] }
    /// A member who has met nobody: what nils gets the relay has by itself.
    var nils: Person { people[2] }

    init(in scratch: Scratch) throws {
        self.scratch = scratch
        people = ["emma", "omid", "nils"].map { Person($0, store: "relay-" + $0, in: scratch) }
        relay = RelayProcess("the-relay", in: scratch)
        try makeStages()
        for index in stages.indices { try measure(index) }
    }

    private func makeStages() throws {
        let made = try emma.must(["init", "--user", "emma"])
        let workspace = String(made.split(separator: " ").last ?? "")
        for person in [omid, nils] {
            try person.must(["init", "--user", person.name, "--workspace", workspace])
        }
        try emma.must(["room", "create", "Köket", "--member", "omid", "--member", "nils"])
        for text in ["ett", "två", "tre"] { try emma.must(["send", Self.room, text]) }
        let doomed = try emma.must(["send", Self.room, Self.deleted])
        // In a folder of its own: elsewhere the marker stays the same file from here on.
        add("first", ["emma", "omid"], of: RelayProcess("a-first-relay", in: scratch))
        try visit(["emma", "omid"])
        for text in ["fyra", "fem"] { try emma.must(["send", Self.room, text]) }
        try emma.must(["delete", doomed])
        for text in ["omids ett", "omids två"] { try omid.must(["send", Self.room, text]) }
        add("second", ["emma", "omid", "emma"])
        try visit(["emma", "omid", "emma"])
        try many()
        for text in ["sex", "sju"] { try emma.must(["send", Self.room, text]) }
        add("third", ["emma", "omid"], restMilliseconds: 1500)
    }

    /// So many small segments that they are due to be merged with the next one.
    private func many() throws {
        try relay.mustStart(anywhere: true)
        for number in 1...64 {
            try emma.must(["send", Self.room, "nummer \(number)"])
            try emma.must(["sync", "--relay", relay.address])
        }
        relay.end(15)
    }

    private func visit(_ names: [String]) throws {
        try relay.mustStart(anywhere: true)
        for name in names { try person(name).must(["sync", "--relay", relay.address]) }
        relay.end(15)
    }

    func person(_ name: String) -> Person {
        people.first { $0.name == name } ?? emma
    }

    private func add(
        _ name: String, _ visitors: [String], restMilliseconds: Int = 0,
        of other: RelayProcess? = nil
    ) {
        let relay = other ?? relay
        var folders = [relay.folder: relay.state]
        for person in people { folders[person.folder] = person.state }
        stages.append(
            RelayStage(
                name: name, relay: relay, folders: folders, visitors: visitors,
                restMilliseconds: restMilliseconds))
    }

    func restore(_ stage: RelayStage) throws {
        for (folder, state) in stage.folders.sorted(by: { $0.key < $1.key }) {
            try state.restore(to: folder)
        }
        try stage.relay.watch.begin()
    }

    /// Plays a stage undisturbed, to know what there is to disturb.
    private func measure(_ index: Int) throws {
        try restore(stages[index])
        let relay = stages[index].relay
        try relay.mustStart(.changes, anywhere: true)
        for name in stages[index].visitors {
            try person(name).must(["sync", "--relay", relay.address])
        }
        Patience.pause(milliseconds: stages[index].restMilliseconds)
        guard relay.end(15) == 0 else { throw Trouble("fikad ends badly: \(relay.log)") }
        (stages[index].operations, stages[index].reads) = relay.watch.counted
        stages[index].records = relay.watch.records.map(\.kind)
    }
}
