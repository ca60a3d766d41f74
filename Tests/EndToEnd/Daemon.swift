import Fika
import FikaTestSupport
import Foundation
import Testing

/// The program `fikad` as a process; stopped with the last who has it.
final class Daemon {
    private let folder: TemporaryFolder
    private var process: Process?
    private var log = ""
    private(set) var address = RelayAddress.relay("127.0.0.1", port: 0)

    init(_ folder: TemporaryFolder) throws {
        self.folder = folder
    }

    deinit {
        if let process, process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Starts it, at the same address as before when it ran before, and waits until it listens.
    @discardableResult
    func start() async throws -> RelayAddress {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Program.path)
            .deletingLastPathComponent().appendingPathComponent("fikad")
        process.arguments = [
            "--data", folder.path("relay"), "--listen", address.description,
            "--monitor", "127.0.0.1:0",
        ]
        process.environment = ["PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"]
            .merging(Ending.settings) { $1 }
        log = "fikad-\(UUID().uuidString)"
        try folder.write([], to: log)
        process.standardInput = FileHandle.nullDevice
        process.standardError = try FileHandle(
            forWritingTo: URL(fileURLWithPath: folder.path(log)))
        try process.run()
        self.process = process
        let lines = try await Waiting.until("fikad listens") {
            try said().firstMatch(of: /listening.* address=(\S+)/).map { String($0.1) }
        }
        address = try #require(RelayAddress(lines))
        return address
    }

    /// Ends it as the system does, and gives its exit code.
    func stop() throws -> Int32 {
        let process = try #require(process)
        process.terminate()
        return try Ending.code(of: process, said: said)
    }

    /// What it logged since it was started last.
    private func said() throws -> String {
        String(decoding: try folder.bytes(of: log), as: UTF8.self)
    }

    /// Ends it without a warning.
    func crash() throws {
        let process = try #require(process)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
