import FikaSimulation

/// Bytes of a closed database flip, or it loses its end: what is wrong is found and named, nothing
/// false is shown as checked or handed on, and the relay, or the clients, heal it.
final class DamageSweep {
    private let scene: DamageScene
    private let report: Report

    private static let pageBytes = 4096

    init(in scratch: Scratch, report: Report) throws {
        self.report = report
        scene = try DamageScene("damage", in: scratch)
    }

    private enum Damage: CustomStringConvertible {
        case flip(at: Int, bit: Int)
        case cut(to: Int)

        var description: String {
            switch self {
            case .flip(let place, let bit): "bit \(bit) of byte \(place) flipped"
            case .cut(let count): "cut to \(count) B"
            }
        }

        func done(to bytes: [UInt8]) -> [UInt8] {
            var bytes = bytes
            switch self {
            case .flip(let place, let bit): bytes[place] ^= 1 << UInt8(bit)
            case .cut(let count): bytes.removeLast(bytes.count - count)
            }
            return bytes
        }
    }

    /// Every byte once where it says anything, or one in so many; every page's beginning.
    func run(stride: Int, only filter: String?) {
        let parts = [
            Part(name: "client", moment: scene.closed, folder: scene.emma.folder, play: playClient),
            Part(
                name: "relay", moment: scene.closed, folder: scene.relay.folder,
                file: "relay.sqlite", play: playRelay),
            Part(
                name: "client-journal", moment: scene.killed, folder: scene.emma.folder,
                file: "fika.sqlite-wal", play: playClientJournal),
            Part(
                name: "relay-journal", moment: scene.killed, folder: scene.relay.folder,
                file: "relay.sqlite-wal", play: playRelayJournal),
        ]
        for part in parts { run(part, stride: stride, only: filter) }
        scene.relay.end(9)
    }

    /// A file that is damaged in many ways.
    private struct Part {
        let name: String
        let moment: DamageScene.Moment
        let folder: String
        var file = "fika.sqlite"
        let play: () throws -> Void
    }

    private func run(_ part: Part, stride: Int, only filter: String?) {
        guard let original = part.moment.folders[part.folder]?.files[part.file] else {
            return report.find("damage: no \(part.file)")
        }
        let cuts = Swift.stride(from: 0, to: original.count, by: Self.pageBytes)
            .map { Damage.cut(to: $0) }
        // What is zero is mostly free space; of it every eighth byte will do.
        let flips = original.indices.filter { original[$0] != 0 || $0 % 8 == 0 }
            .map { place in
                var generator = report.chance.generator(for: "\(part.name), byte \(place)")
                return Damage.flip(at: place, bit: generator.number(in: 0..<8))
            }
        for (kind, all, stride) in [("cut", cuts, min(stride, 12)), ("flip", flips, stride)] {
            let name = "damage \(part.name) \(kind)"
            guard filter.map({ name.hasPrefix($0) }) ?? true else { continue }
            let cases = all.map { (name: "\(name), \($0)", test: $0) }
            report.play(name, cases, oneIn: stride) { name, damage in
                report.check(name) {
                    try scene.restore(part.moment)
                    let path = part.folder + "/" + part.file
                    try Files.write(damage.done(to: original), to: path)
                    defer { scene.relay.end(9) }
                    try part.play()
                }
            }
        }
    }

    private func playClient() throws {
        let (emma, omid, relay) = (scene.emma, scene.omid, scene.relay)
        let verified = try emma.run(["log", "verify"])
        if let complaint = verified.complaint { throw Trouble("verify: \(complaint)") }
        if verified.errors.contains(" problems"), !verified.output.contains(/\w/) {
            throw Trouble("verify names nothing: \(verified.errors)")
        }
        if verified.isDone {
            report.count("damages that change nothing")
            guard try emma.digest(DamageScene.room) == scene.closed.digest else {
                throw Trouble("what is verified is not what was written")
            }
        }
        try relay.mustStart(anywhere: true)
        // Whatever it does with such a store, nobody else gets anything false.
        let synced = try emma.run(["sync", "--relay", relay.address])
        if let complaint = synced.complaint { throw Trouble("sync: \(complaint)") }
        try scene.meet([omid], has: scene.closed.texts)
        guard !verified.isDone else { return }
        try repair(emma)
        guard Files.exists(emma.folder + "/damaged-1.sqlite") else {
            throw Trouble("the damaged file is gone")
        }
        try scene.meet([emma, omid], has: scene.closed.texts)
    }

    /// The database goes back to where its journal can be read, as if a copy had been put back.
    private func playClientJournal() throws {
        let (emma, omid, relay) = (scene.emma, scene.omid, scene.relay)
        var texts = scene.killed.texts
        let sent = try emma.run(["send", DamageScene.room, "efter skadan"])
        if let complaint = sent.complaint { throw Trouble("send: \(complaint)") }
        if sent.isDone { texts.insert("efter skadan") }
        if let reason = try emma.run(["log", "verify"]).complaint { throw Trouble(reason) }
        try relay.mustStart(anywhere: true)
        if !sent.isDone { try repair(emma) }
        try scene.meet([emma, omid], has: texts)
    }

    private func playRelayJournal() throws {
        let (emma, omid, nils, relay) = (scene.emma, scene.omid, scene.nils, scene.relay)
        if try !relay.start(anywhere: true) {
            report.count("relays that did not begin")
            guard relay.code == 71 else { throw Trouble("fikad ended: \(relay.log)") }
            try relay.mustStart(anywhere: true, repairs: true)
        }
        try scene.meet([emma, omid, nils], has: scene.killed.texts)
        guard relay.end(15) == 0 else { throw Trouble("fikad ends badly: \(relay.log)") }
    }

    private func repair(_ person: Person) throws {
        let first = try person.run(["log", "repair"])
        if first.isDone { return }
        guard first.errors.contains("whose store") || first.errors.contains("no store") else {
            throw Trouble("repair: \(first.errors)")
        }
        report.count("repairs for a named owner")
        let workspace = try scene.omid.must(["status", "--json"])
        guard let match = workspace.firstMatch(of: /"workspace" : "([0-9a-f]{32})"/) else {
            throw Trouble("status names no workspace")
        }
        try person.must([
            "log", "repair", "--user", person.name, "--workspace", String(match.1),
        ])
    }

    private func playRelay() throws {
        let (emma, omid, nils, relay) = (scene.emma, scene.omid, scene.nils, scene.relay)
        if try relay.start(anywhere: true) {
            let synced = try nils.run(["sync", "--relay", relay.address])
            if let complaint = synced.complaint { throw Trouble("nils: \(complaint)") }
            let shown = try nils.run(["timeline", DamageScene.room, "--json"])
            let texts = Set(Rows(shown.output).texts)
            guard texts.isSubset(of: scene.closed.texts) else {
                throw Trouble("nils was served \(texts.subtracting(scene.closed.texts).sorted())")
            }
            guard relay.isRunning else { throw Trouble("fikad ended: \(relay.log)") }
            relay.end(15)
        } else {
            report.count("relays that did not begin")
            guard relay.code == 71 else { throw Trouble("fikad ended: \(relay.log)") }
        }
        try relay.mustStart(anywhere: true, repairs: true)
        let isSetAside = Files.exists(relay.folder + "/damaged-1.sqlite")
        if !isSetAside { report.count("damages that change nothing") }
        try scene.meet([emma, omid, nils], has: scene.closed.texts)
    }
}
