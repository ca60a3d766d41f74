import FikaSimulation

/// Bytes of a closed database flip, or it loses its end: what is wrong is found and named, nothing
/// false is shown as checked or handed on, and the relay, or the clients, heal it.
final class DamageSweep {
    private let scene: DamageScene
    private let report: Report
    private var generator: SplitMix64

    private static let pageBytes = 4096

    init(in scratch: Scratch, seed: UInt64, report: Report) throws {
        self.report = report
        generator = SplitMix64(seed: seed)
        scene = try DamageScene(in: scratch)
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

    /// Every byte once where it says anything, or every so many; every page's beginning.
    func run(stride: Int) {
        let begin = report.now
        for (name, file, play) in [
            ("client", scene.emma.folder + "/fika.sqlite", playClient),
            ("relay", scene.relay.folder + "/relay.sqlite", playRelay),
        ] as [(String, String, (String, [UInt8]) throws -> Void)] {
            let folder = String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)])
            let base = String(file.dropFirst(folder.count + 1))
            guard let original = scene.folders[folder]?.files[base] else {
                report.find("damage: no \(file)")
                continue
            }
            for damage in damages(original, stride: stride) {
                report.count("\(name) damages")
                report.check("damage, \(name), \(damage)") {
                    try play(file, damage.done(to: original))
                }
            }
        }
        scene.relay.end(9)
        report.summarize("damage", since: begin)
    }

    private func damages(_ bytes: [UInt8], stride: Int) -> [Damage] {
        // What is zero is mostly free space; of it every eighth byte will do.
        let places = bytes.indices.filter { bytes[$0] != 0 || $0 % 8 == 0 }
        var damages: [Damage] = []
        var index = generator.number(in: 0..<stride)
        while index < places.count {
            damages.append(.flip(at: places[index], bit: generator.number(in: 0..<8)))
            index += stride
        }
        let pages = Swift.stride(from: 0, to: bytes.count, by: Self.pageBytes)
        return damages + pages.filter { _ in generator.oneIn(min(stride, 12)) }.map { .cut(to: $0) }
    }

    private func playClient(_ file: String, _ damaged: [UInt8]) throws {
        let (emma, omid, relay) = (scene.emma, scene.omid, scene.relay)
        defer { relay.end(9) }
        try scene.restore()
        try Files.write(damaged, to: file)
        let verified = try emma.run(["log", "verify"])
        guard [0, 1, 2, 71].contains(verified.code) else {
            throw Trouble("verify ended with \(verified.code): \(verified.errors)")
        }
        if verified.isDone {
            report.count("damages that change nothing")
            guard try emma.digest(DamageScene.room) == scene.digest else {
                throw Trouble("what is verified is not what was written")
            }
        }
        try relay.mustStart(anywhere: true)
        // Whatever it does with such a store, nobody else gets anything false.
        let synced = try emma.run(["sync", "--relay", relay.address])
        guard [0, 1, 2, 71, 75].contains(synced.code) else {
            throw Trouble("sync ended with \(synced.code): \(synced.errors)")
        }
        try scene.meet([omid])
        guard !verified.isDone else { return }
        try repair(emma)
        guard Files.exists(emma.folder + "/damaged-1.sqlite") else {
            throw Trouble("the damaged file is gone")
        }
        try scene.meet([emma, omid])
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

    private func playRelay(_ file: String, _ damaged: [UInt8]) throws {
        let (emma, omid, nils, relay) = (scene.emma, scene.omid, scene.nils, scene.relay)
        defer { relay.end(9) }
        try scene.restore()
        try Files.write(damaged, to: file)
        if try relay.start(anywhere: true) {
            let synced = try nils.run(["sync", "--relay", relay.address])
            if let complaint = synced.complaint { throw Trouble("nils: \(complaint)") }
            let shown = try nils.run(["timeline", DamageScene.room, "--json"])
            let texts = Set(Rows(shown.output).texts)
            guard texts.isSubset(of: scene.texts) else {
                throw Trouble("nils was served \(texts.subtracting(scene.texts).sorted())")
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
        try scene.meet([emma, omid, nils])
    }
}
