/// A small room that two people and a relay hold, and a third who has met nobody.
struct DamageScene {
    let emma: Person
    let omid: Person
    let nils: Person
    let relay: RelayProcess
    /// When all had ended well.
    let closed: Moment
    /// When emma's processes and the relay had been killed, and their databases still had journals.
    let killed: Moment

    /// As `closed`, and emma wrote something that she has not sent.
    let unsent: Moment

    /// All folders, and what the room came to.
    struct Moment {
        let folders: [String: FolderState]
        let digest: String
        let texts: Set<String>
    }

    static let room = "#Köket"

    /// Makes it in folders whose names begin with a word.
    init(_ word: String, in scratch: Scratch) throws {
        emma = Person("emma", store: word + "-emma", in: scratch)
        omid = Person("omid", store: word + "-omid", in: scratch)
        nils = Person("nils", store: word + "-nils", in: scratch)
        relay = RelayProcess(word + "-relay", in: scratch)
        let made = try emma.must(["init", "--user", "emma"])
        let workspace = String(made.split(separator: " ").last ?? "")
        for person in [omid, nils] {
            try person.must(["init", "--user", person.name, "--workspace", workspace])
        }
        try emma.must(["room", "create", "Köket", "--member", "omid", "--member", "nils"])
        for text in ["ett", "två", "tre"] { try emma.must(["send", Self.room, text]) }
        try relay.mustStart()
        for person in [emma, omid] { try person.must(["sync", "--relay", relay.address]) }
        for text in ["omids ett", "omids två"] { try omid.must(["send", Self.room, text]) }
        for person in [omid, emma] { try person.must(["sync", "--relay", relay.address]) }
        guard relay.end(15) == 0 else { throw Trouble("fikad ends badly") }
        let people = [emma, omid, nils]
        closed = try Self.moment(people, relay)
        try Self.writeAndDie(emma, relay)
        killed = try Self.moment(people, relay)
        try Self.restore(closed)
        try emma.must(["send", Self.room, "inte skickat"])
        unsent = try Self.moment(people, relay)
    }

    /// Writes through a process that is then killed; the relay has all of it.
    private static func writeAndDie(_ person: Person, _ relay: RelayProcess) throws {
        try relay.mustStart()
        let holder = try person.start(["sync", "--watch", "--relay", relay.address])
        try Patience.until("\(person.name) is up to date") {
            holder.said.contains("up to date") ? true : nil
        }
        for text in ["fyra", "fem", "sex"] {
            try person.must(["send", room, text])
            try person.must(["sync"])
        }
        holder.end(9)
        relay.end(9)
    }

    /// The first of some people holds all that there is.
    private static func moment(_ people: [Person], _ relay: RelayProcess) throws -> Moment {
        var folders = [relay.folder: relay.state]
        for person in people { folders[person.folder] = person.state }
        return Moment(
            folders: folders, digest: try people[0].digest(room),
            texts: Set(try people[0].rows(room).texts))
    }

    func restore(_ moment: Moment) throws {
        try Self.restore(moment)
    }

    private static func restore(_ moment: Moment) throws {
        for (folder, state) in moment.folders.sorted(by: { $0.key < $1.key }) {
            try state.restore(to: folder)
        }
    }

    /// Everybody syncs, and holds these texts and no others, each once.
    func meet(_ people: [Person], has texts: Set<String>) throws {
        for person in people + people { try person.must(["sync", "--relay", relay.address]) }
        for person in people {
            let found = try person.rows(Self.room).texts
            guard found.count == texts.count, Set(found) == texts else {
                throw Trouble("\(person.name) has \(found.sorted()), not \(texts.sorted())")
            }
            try person.must(["log", "verify"])
        }
        let digests = Set(try people.map { try $0.digest(Self.room) })
        guard digests.count == 1 else { throw Trouble("the digests differ") }
    }
}
