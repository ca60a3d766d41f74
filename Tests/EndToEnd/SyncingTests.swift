import Fika
import FikaTestSupport
import Foundation
import Testing

/// Two people and a relay, all of them processes.
@Suite(.timeLimit(.minutes(3)))
struct SyncingTests {
    private let fika: Program
    private let daemon: Daemon

    init() async throws {
        fika = try Program()
        daemon = try Daemon(fika.folder)
        let relay = try await daemon.start().description
        let made = try fika.run(["init", "--user", "emma"]).answer
        let workspace = String(made.split(separator: " ").last ?? "")
        try fika.run(["init", "--user", "omid", "--workspace", workspace], store: "omid")
        try fika.run(["relay", relay])
        try fika.run(["relay", relay], store: "omid")
        try fika.run(["room", "create", "Köket", "--member", "omid"])
    }

    /// A process that keeps a store connected; it is ready when it is up to date.
    private func watch(_ store: String) async throws -> Process {
        let process = fika.process(["sync", "--watch"], store: store)
        let log = "watch-\(UUID().uuidString)"
        try fika.folder.write([], to: log)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(
            forWritingTo: URL(fileURLWithPath: fika.folder.path(log)))
        process.standardError = FileHandle.nullDevice
        try process.run()
        _ = try await Waiting.until("\(store) is up to date") {
            let text = String(decoding: try fika.folder.bytes(of: log), as: UTF8.self)
            return text.contains("up to date") ? true : nil
        }
        return process
    }

    private func end(_ process: Process, _ signal: Int32 = SIGINT) -> Int32 {
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return process.terminationStatus
    }

    private func timeline(_ store: String) throws -> String {
        try fika.run(["timeline", "#Köket"], store: store).output
    }

    @Test func `once: what one sent the other gets, and 75 says that the relay is gone`() throws {
        try fika.run(["send", "#Köket", "hej"])
        let up = try fika.run(["sync"])
        #expect(up.status == 0, "\(up.errors)")
        #expect(up.output.contains("up to date"))
        #expect(try fika.run(["outbox"]).answer == "the outbox is empty")
        #expect(try fika.run(["sync"], store: "omid").status == 0)
        #expect(try timeline("omid").contains("emma: hej"))
        #expect(try daemon.stop() == 0)
        let down = try fika.run(["sync"])
        #expect(down.status == 75)
        #expect(down.errors.contains("cannot be reached"))
    }

    @Test func `2: a damaged store is named as such, not its relay as out of reach`() throws {
        try fika.run(["send", "#Köket", "hej"])
        let path = "emma/fika.sqlite"
        let good = try fika.folder.bytes(of: path)
        let pageBytes = 4096
        var namings = 0
        for page in stride(from: 2, to: good.count / pageBytes, by: 3) {
            var bytes = good
            let place = page * pageBytes
            bytes.replaceSubrange(
                place..<place + pageBytes, with: repeatElement(0, count: pageBytes))
            for side in ["-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: fika.folder.path(path + side))
            }
            try fika.folder.write(bytes, to: path)
            let result = try fika.run(["sync"])
            #expect([0, 2].contains(result.status), "page \(page + 1): \(result.errors)")
            guard result.status == 2 else { continue }
            namings += 1
            #expect(result.errors.contains("damaged"), "page \(page + 1): \(result.errors)")
        }
        #expect(namings > 0)
    }

    @Test func `what is written while another process holds the store goes out`() async throws {
        let (emma, omid) = (try await watch("emma"), try await watch("omid"))
        let follower = fika.process(["timeline", "#Köket", "--follow", "--json"], store: "omid")
        try fika.folder.write([], to: "followed")
        let path = fika.folder.path("followed")
        follower.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        follower.standardInput = FileHandle.nullDevice
        try follower.run()
        let sent = try fika.run(["send", "#Köket", "genom hållaren"])
        #expect(sent.status == 0)
        #expect(try fika.run(["sync"]).status == 0)
        _ = try await Waiting.until("omid follows it") {
            let text = String(decoding: try fika.folder.bytes(of: "followed"), as: UTF8.self)
            return text.contains("genom hållaren") ? true : nil
        }
        let status = try fika.run(["status", "--json"])
        #expect(status.output.contains("\"state\" : \"upToDate\""))
        #expect(status.output.contains("\"queued\" : 0"))
        #expect(end(follower) == 0)
        #expect(end(emma) == 0)
        #expect(end(omid, SIGTERM) == 0)
    }

    @Test func `a relay that is killed and comes back is found again`() async throws {
        let emma = try await watch("emma")
        try daemon.crash()
        try fika.run(["send", "#Köket", "under tiden"])
        #expect(try fika.run(["outbox"]).output.contains("under tiden"))
        try await daemon.start()
        _ = try await Waiting.until("all is sent") {
            try fika.run(["sync"]).status == 0 ? true : nil
        }
        #expect(try fika.run(["sync"], store: "omid").status == 0)
        #expect(try timeline("omid").contains("under tiden"))
        let digests = try ["emma", "omid"].map {
            try fika.run(["log", "digest", "#Köket"], store: $0).answer
        }
        #expect(digests[0] == digests[1])
        #expect(end(emma) == 0)
        #expect(try daemon.stop() == 0)
    }

    @Test func `the demo of the README ends well and proves equal digests`() throws {
        let demo = fika.process([], store: "none")
        demo.executableURL = URL(fileURLWithPath: "/bin/bash")
        let programs = URL(fileURLWithPath: Program.path).deletingLastPathComponent().path
        demo.arguments = [Fixtures.root + "/Scripts/demo", "--built", programs]
        let conversation = try String(
            contentsOfFile: Fixtures.path("demo/conversation.txt"), encoding: .utf8)
        let result = try fika.finish(demo)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("Both ends hold the same room."))
        for line in conversation.split(separator: "\n") where line.hasPrefix("stage |") {
            #expect(result.output.contains(line.dropFirst(8)))
        }
        #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }
}
