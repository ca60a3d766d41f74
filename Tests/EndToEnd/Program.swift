import FikaTestSupport
import Foundation

/// The program `fika` as a person runs it: a process, its exit code and what it printed.
struct Program: Sendable {
    /// What a run came to.
    struct Result: Sendable {
        let status: Int32
        let output: String
        let errors: String

        /// The answer without its last line feed.
        var answer: String { output.hasSuffix("\n") ? String(output.dropLast()) : output }
    }

    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Beside the program that runs the tests.
    static var path: String {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("fika").path
    }

    func store(_ name: String) -> String { folder.path(name) }

    /// Prepares a run with a store; nothing of the machine's own settings shows.
    func process(_ arguments: [String], store: String) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.path)
        process.arguments = arguments
        process.environment = [
            "FIKA_STORE": self.store(store), "TZ": "UTC", "PATH": "/usr/bin:/bin",
            "HOME": folder.path, "SWIFT_BACKTRACE": "enable=no", "COLUMNS": "100",
        ].merging(Ending.settings) { $1 }
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        return process
    }

    @discardableResult
    func run(_ arguments: [String], store: String = "emma") throws -> Result {
        let process = process(arguments, store: store)
        process.standardInput = FileHandle.nullDevice
        return try finish(process)
    }

    /// Runs a prepared process to its end.
    func finish(_ process: Process) throws -> Result {
        // Files, unlike pipes, never fill up.
        let names = ["out", "err"].map { "\($0)-\(UUID().uuidString)" }
        for name in names { try folder.write([], to: name) }
        let files = try names.map {
            try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path($0)))
        }
        process.standardOutput = files[0]
        process.standardError = files[1]
        try process.run()
        process.waitUntilExit()
        let texts = try names.map { String(decoding: try folder.bytes(of: $0), as: UTF8.self) }
        Ending.lookForRace(process.terminationStatus, said: texts[1])
        return Result(
            status: process.terminationStatus, output: texts[0], errors: texts[1])
    }
}
