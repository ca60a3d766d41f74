/// A small room that two people and a relay hold, and a third who has met nobody.
struct DamageScene {
    let emma: Person
    let omid: Person
    let nils: Person
    let relay: RelayProcess
    /// All folders at rest.
    let folders: [String: FolderState]
    /// What the room comes to, and its texts.
    let digest: String
    let texts: Set<String>

    static let room = "#Köket"

    init(in scratch: Scratch) throws {
        emma = Person("emma", store: "damage-emma", in: scratch)
        omid = Person("omid", store: "damage-omid", in: scratch)
        nils = Person("nils", store: "damage-nils", in: scratch)
        relay = RelayProcess("damage-relay", in: scratch)
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
        digest = try emma.digest(Self.room)
        texts = Set(try emma.rows(Self.room).texts)
        var folders = [relay.folder: relay.state]
        for person in [emma, omid, nils] { folders[person.folder] = person.state }
        self.folders = folders
    }

    func restore() throws {
        for (folder, state) in folders.sorted(by: { $0.key < $1.key }) {
            try state.restore(to: folder)
        }
    }

    /// Everybody syncs, and holds what was there before.
    func meet(_ people: [Person]) throws {
        for person in people + people { try person.must(["sync", "--relay", relay.address]) }
        for person in people {
            let found = Set(try person.rows(Self.room).texts)
            guard found == texts else {
                throw Trouble("\(person.name) lacks \(texts.subtracting(found).sorted())")
            }
            try person.must(["log", "verify"])
        }
        let digests = Set(try people.map { try $0.digest(Self.room) })
        guard digests.count == 1 else { throw Trouble("the digests differ") }
    }
}
