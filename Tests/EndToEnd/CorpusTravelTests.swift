import Fika
import FikaTestSupport
import Foundation
import Testing

/// A large room goes from one store through a relay to an empty one, whatever is killed meanwhile.
@Suite(.timeLimit(.minutes(30)))
struct CorpusTravelTests {
    private let fika: Program
    private let daemon: Daemon
    private let relayFiles: StoreFiles

    init() throws {
        fika = try Program()
        daemon = try Daemon(fika.folder)
        relayFiles = StoreFiles(folder: fika.folder.path("relay"), name: "relay.sqlite")
    }

    @Test func `a large room arrives although relay and receiver are killed`() async throws {
        let room = try LargeRoom(fika)
        let relay = try await daemon.start().description

        // The relay is taken away while the room goes up.
        let start = relayFiles.byteCount
        let upload = try background(["sync", "--relay", relay], store: "emma")
        _ = try await Waiting.until("a part went up") {
            relayFiles.byteCount - start > room.blockBytes / 4 || !upload.isRunning ? true : nil
        }
        try daemon.crash()
        upload.waitUntilExit()
        #expect(upload.terminationStatus == 75, "the relay was gone before all went up")
        try await daemon.start()
        try sync("emma")

        // Both the relay and the receiver are taken away while it comes down.
        try room.join("second")
        try fika.run(["relay", relay], store: "second")
        let last = try await room.lastPage(in: "emma")
        let download = try await room.watching("second") { page in
            let download = try background(["sync"], store: "second")
            while try await page().count < LargeRoom.pageRows, download.isRunning {
                await Task.yield()
            }
            return download
        }
        kill(download.processIdentifier, SIGKILL)
        try daemon.crash()
        download.waitUntilExit()
        #expect(try await room.lastPage(in: "second") == last)
        let held = try await room.heldCount(in: "second")
        #expect(held < room.opCount, "the rest had not come yet")
        #expect(try fika.run(["log", "verify"], store: "second").status == 0)

        try await daemon.start()
        try sync("second")
        try await room.expectEqual("second")
        #expect(try daemon.stop() == 0)
    }

    @Test func `a relay whose log is gone is filled again by its clients`() async throws {
        let room = try LargeRoom(fika, days: 2)
        for store in ["second", "third"] { try room.join(store) }
        let relay = try await daemon.start().description
        for store in ["emma", "second", "third"] {
            try fika.run(["relay", relay], store: store)
        }
        for store in ["emma", "second"] { try sync(store) }
        #expect(try daemon.stop() == 0)
        try relayFiles.delete()
        try await daemon.start()

        // Each of them has something that only it knows.
        for store in ["emma", "second"] {
            try fika.run(["send", "#ubuntu", "only \(store) knows"], store: store)
        }
        for store in ["second", "emma", "second"] {
            // A relay that begins a new epoch meanwhile ends all connections (rule C5).
            _ = try await Waiting.until("\(store) is in step") {
                try fika.run(["sync"], store: store).status == 0 ? true : nil
            }
        }
        try await room.expectEqual("second")
        try sync("third")
        try await room.expectEqual("third")
        #expect(try daemon.stop() == 0)
    }

    private func sync(_ store: String) throws {
        let synced = try fika.run(["sync"], store: store)
        #expect(synced.status == 0, "\(store): \(synced.output)\(synced.errors)")
    }

    private func background(_ arguments: [String], store: String) throws -> Process {
        let process = fika.process(arguments, store: store)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }
}
