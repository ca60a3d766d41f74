import Foundation

/// Parts that run in a process of their own, so that they can be watched from outside.
enum Child {
    /// What a child that failed said.
    struct Failure: Error {
        let text: String
    }

    static func run(_ name: String, _ options: Options) async throws {
        switch name {
        case "commits": try CommitBenchmark.runCommits(options.arguments)
        case "open": try OpenBenchmark.runOpen(options.arguments)
        case "fresh": try FreshBenchmark.runFresh(options.arguments)
        case "tcp-source": try FreshBenchmark.runSource(options.arguments)
        case "relay": try await RelayChild.run(options.arguments)
        case "bare-relay": ServerProcess.serve(port: try BareRelay().listen())
        default: throw Options.Misuse(text: "there is no child \(name)")
        }
    }

    static func ownPath() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    /// Starts this program once more, alone or under another; gives what it printed.
    static func start(_ arguments: [String], under: [String] = []) throws -> (
        out: String, err: String
    ) {
        let line = under + ["/proc/self/exe", "--child"] + arguments
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let own = try ownPath()
        process.arguments = line.map { $0 == "/proc/self/exe" ? own : $0 }
        let out = Pipe()
        let err = Pipe()
        process.standardOutput = out
        process.standardError = err
        try process.run()
        let printed = out.fileHandleForReading.readDataToEndOfFile()
        let told = err.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(text: String(decoding: told, as: UTF8.self))
        }
        return (String(decoding: printed, as: UTF8.self), String(decoding: told, as: UTF8.self))
    }
}
