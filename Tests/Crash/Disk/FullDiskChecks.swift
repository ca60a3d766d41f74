import Glibc

/// A disk fills under a client and under a relay, and is freed again while they run.
final class FullDiskChecks {
    private let scratch: Scratch
    private let report: Report

    private static let room = "#Köket"
    private static let long = String(repeating: "lång text ", count: 300) + "slut"

    init(in scratch: Scratch, report: Report) {
        self.scratch = scratch
        self.report = report
    }

    func run() {
        let begin = report.now
        guard let client = FullDisk("client-disk", kilobytes: 6000, in: scratch),
            let relay = FullDisk("relay-disk", kilobytes: 6000, in: scratch)
        else {
            Report.say("disk: skipped, mounting a small disk is not allowed here")
            return
        }
        report.check("disks of a run that was killed") { try leftoverRun() }
        for bytes in [0, 4096, 20_000, 60_000, 150_000] {
            report.count("full disks", 2)
            report.check("a client's disk, \(bytes) B left") { try clientRun(client, bytes) }
            report.check("a relay's disk, \(bytes) B left") { try relayRun(relay, bytes) }
        }
        report.summarize("disk", since: begin)
    }

    /// What a run that was killed left mounted is unmounted by the next one.
    private func leftoverRun() throws {
        let ended = try Child("/bin/true", [], [:], files: scratch.path("files/ended"))
        guard try ended.wait() == 0 else { throw Trouble("/bin/true fails") }
        let folder = Scratch.folder(of: ended.id)
        defer { Files.remove(folder) }
        guard FullDisk.mount(folder + "/disk", kilobytes: 100) else {
            throw Trouble("no second disk can be mounted")
        }
        Scratch.unmountLeftovers()
        guard !FullDisk.unmount(folder + "/disk") else { throw Trouble("it is still mounted") }
    }

    private struct Scene {
        let emma: Person
        let omid: Person
        let relay: RelayProcess
    }

    private func scene(client: String, relay: String) throws -> Scene {
        for name in [client, relay, "disk-omid"] { Files.remove(scratch.path(name)) }
        let scene = Scene(
            emma: Person("emma", store: client, in: scratch),
            omid: Person("omid", store: "disk-omid", in: scratch),
            relay: RelayProcess(relay, in: scratch))
        let made = try scene.emma.must(["init", "--user", "emma"])
        let workspace = String(made.split(separator: " ").last ?? "")
        try scene.omid.must(["init", "--user", "omid", "--workspace", workspace])
        try scene.emma.must(["room", "create", "Köket", "--member", "omid"])
        try scene.relay.mustStart(anywhere: true)
        return scene
    }

    private func hold(_ person: Person, _ relay: RelayProcess) throws -> Child {
        let child = try person.start(["sync", "--watch", "--relay", relay.address])
        try Patience.until("\(person.name) is up to date") {
            child.said.contains("up to date") ? true : nil
        }
        return child
    }

    private func clientRun(_ disk: FullDisk, _ bytes: Int) throws {
        let scene = try scene(client: "client-disk/store", relay: "disk-relay")
        let holder = try hold(scene.emma, scene.relay)
        try disk.fill(leaving: bytes)
        var written = try writeUntilItFails(scene.emma)
        for text in written where try scene.emma.rows(Self.room).count(text) != 1 {
            throw Trouble("a text that was written does not show")
        }
        disk.free()
        // The same process goes on.
        try scene.emma.must(["send", Self.room, "åter plats"])
        written.append("åter plats")
        guard holder.poll() == nil else { throw Trouble("the holder ended: \(holder.complained)") }
        try meet(scene, written)
        guard holder.end(SIGINT) == 0 else { throw Trouble("the holder ends badly") }
        try scene.emma.must(["log", "verify"])
        scene.relay.end(SIGKILL)
    }

    /// Writes long texts until the disk takes no more; gives those that it took.
    private func writeUntilItFails(_ person: Person) throws -> [String] {
        var written: [String] = []
        for number in 0..<400 {
            let text = "\(number) " + Self.long
            let result = try person.run(["send", Self.room, text])
            guard !result.isDone else {
                written.append(text)
                continue
            }
            if let complaint = result.complaint { throw Trouble(complaint) }
            guard result.errors.contains("full") else {
                throw Trouble("it does not say that the disk is full: \(result.errors)")
            }
            return written
        }
        throw Trouble("the disk is never full")
    }

    private func relayRun(_ disk: FullDisk, _ bytes: Int) throws {
        let scene = try scene(client: "disk-emma", relay: "relay-disk/relay")
        let holder = try hold(scene.emma, scene.relay)
        try disk.fill(leaving: bytes)
        var written: [String] = []
        for number in 0..<60 {
            let text = "\(number) " + Self.long
            try scene.emma.must(["send", Self.room, text])
            written.append(text)
        }
        try Patience.until("the relay takes no more") {
            scene.relay.log.contains("a turn failed") ? true : nil
        }
        let accepted = try scene.emma.rows(Self.room).acceptedTexts
        guard scene.relay.isRunning else { throw Trouble("fikad ended: \(scene.relay.log)") }
        disk.free()
        // Neither of the two is started anew.
        try meet(scene, written)
        guard holder.end(SIGINT) == 0 else { throw Trouble("the holder ends badly") }
        guard Set(accepted).isSubset(of: try scene.omid.rows(Self.room).texts) else {
            throw Trouble("what was accepted is lost")
        }
        guard scene.relay.end(SIGTERM) == 0 else { throw Trouble("fikad ends badly") }
    }

    private func meet(_ scene: Scene, _ written: [String]) throws {
        try Patience.until("all is sent") { try scene.emma.run(["sync"]).isDone ? true : nil }
        try scene.omid.must(["sync", "--relay", scene.relay.address])
        let texts = try scene.omid.rows(Self.room).texts
        guard Set(texts).isSuperset(of: written), Set(texts).count == texts.count else {
            throw Trouble("omid has \(texts.count) of \(written.count)")
        }
    }
}
