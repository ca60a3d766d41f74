import FikaTestSupport
import Foundation
import Testing

/// The program `fikad` as the system runs it: its log, its signals, its exit codes.
@Suite(.timeLimit(.minutes(3))) struct FikadTests {
    private let fika: Program

    init() throws {
        fika = try Program()
    }

    /// Prepares a run of fikad with a folder.
    private func process(_ arguments: [String]) -> Process {
        let process = fika.process(
            ["--data", fika.folder.path("relay")] + arguments, store: "none")
        process.executableURL = URL(fileURLWithPath: Program.path)
            .deletingLastPathComponent().appendingPathComponent("fikad")
        return process
    }

    /// A fikad that serves, and what it logs.
    private final class Serving {
        let process: Process
        private let read: () throws -> String

        init(_ process: Process, in folder: TemporaryFolder) async throws {
            let name = "log-\(UUID().uuidString)"
            try folder.write([], to: name)
            read = { String(decoding: try folder.bytes(of: name), as: UTF8.self) }
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            process.standardError = try FileHandle(
                forWritingTo: URL(fileURLWithPath: folder.path(name)))
            try process.run()
            self.process = process
            _ = try await Waiting.until("fikad logs a line") { try lines.first }
        }

        deinit {
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }

        /// The whole lines so far.
        var lines: [String] {
            get throws { try read().split(separator: "\n").map(String.init) }
        }

        /// Where it listens, from the first line.
        var address: String {
            get throws {
                let match = try lines.first?.firstMatch(of: /address"?[=:]"?(127\.0\.0\.1:\d+)/)
                return String(try #require(match).1)
            }
        }

        func end(_ signal: Int32) throws -> Int32 {
            kill(process.processIdentifier, signal)
            return try Ending.code(of: process, said: read)
        }
    }

    private func serve(_ arguments: [String] = []) async throws -> Serving {
        try await Serving(
            process(["--listen", "127.0.0.1:0"] + arguments), in: fika.folder)
    }

    @Test func `the first line names the address, and SIGTERM and SIGINT end it well`()
        async throws
    {
        for signal in [SIGTERM, SIGINT] {
            let relay = try await serve(["--monitor", "127.0.0.1:0"])
            let first = try #require(try relay.lines.first)
            let time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/
            let rest = /listening address=\S+:[1-9]\d* key=[0-9a-f]{64} monitor=\S+:[1-9]\d*/
            let parts = first.split(separator: " notice ")
            #expect(parts.count == 2, "\(first)")
            #expect(parts.first?.wholeMatch(of: time) != nil, "\(first)")
            #expect(parts.last?.wholeMatch(of: rest) != nil, "\(first)")
            #expect(try relay.end(signal) == 0)
            #expect(
                try relay.lines.suffix(2).map { $0.split(separator: " ").last } == [
                    "draining", "ended",
                ])
        }
    }

    @Test func `64: wrong usage`() throws {
        let wrong = [
            ["--listen", "nowhere"], ["--listen", "0.0.0.0:0"], ["--succeed", "abc"],
            ["--log-level", "loud"], ["--monitor", "0.0.0.0:0", "--listen", "127.0.0.1:0"],
        ]
        for arguments in wrong {
            let result = try fika.finish(process(arguments))
            #expect(result.status == 64, "\(arguments)")
            #expect(result.errors.contains("Usage: fikad --data <dir>"), "\(arguments)")
        }
    }

    @Test func `71: cannot listen, or cannot open the folder`() async throws {
        let relay = try await serve()
        let taken = fika.process(
            ["--data", fika.folder.path("other"), "--listen", try relay.address], store: "none")
        taken.executableURL = relay.process.executableURL
        let result = try fika.finish(taken)
        #expect(result.status == 71)
        #expect(result.errors.contains(" critical cannot listen reason="))
        #expect(try relay.end(SIGTERM) == 0)
        // The identity is lost: a relay with another key would not be this one.
        try FileManager.default.removeItem(atPath: fika.folder.path("relay/identity"))
        let lost = try fika.finish(process(["--listen", "127.0.0.1:0"]))
        #expect(lost.status == 71)
        #expect(lost.errors.contains(" critical cannot open the data folder reason="))
    }

    @Test func `75: the folder is in use, and by whom`() async throws {
        let relay = try await serve()
        let result = try fika.finish(process(["--listen", "127.0.0.1:0"]))
        #expect(result.status == 75)
        #expect(result.errors.contains("the data folder is in use"))
        #expect(result.errors.contains("command=fikad"))
        #expect(result.errors.contains("pid=\(relay.process.processIdentifier)"))
        #expect(try relay.end(SIGTERM) == 0)
    }

    @Test func `its help is as recorded`() throws {
        let result = try fika.finish(process(["--help"]))
        #expect(result.status == 0)
        let path = Fixtures.path("cli/fikad-help.txt")
        let text = "$ fikad --help\n" + result.output
        if ProcessInfo.processInfo.environment["FIKA_RECORD"] == "1" {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        }
        #expect(
            text == (try String(contentsOfFile: path, encoding: .utf8)),
            "FIKA_RECORD=1 records the help anew")
    }

    @Test func `RS5: what was acknowledged survives kill -9, and no log tells a secret`()
        async throws
    {
        let relay = try await serve(["--json-logs", "--log-level", "trace"])
        let made = try fika.run(["init", "--user", "emma"]).answer
        let workspace = String(made.split(separator: " ").last ?? "")
        try fika.run(["init", "--user", "omid", "--workspace", workspace], store: "omid")
        try fika.run(["relay", relay.address])
        try fika.run(["room", "create", "Köket", "--member", "omid"])
        try fika.run(["send", "#Köket", "kanelbullekonspirationen"])
        #expect(try fika.run(["sync"]).status == 0)
        #expect(try relay.end(SIGKILL) != 0)
        let again = try await serve(["--json-logs", "--log-level", "trace"])
        #expect(try key(of: again) == key(of: relay))
        try fika.run(["relay", again.address], store: "omid")
        #expect(try fika.run(["sync"], store: "omid").status == 0)
        let timeline = try fika.run(["timeline", "#Köket"], store: "omid").output
        #expect(timeline.contains("emma: kanelbullekonspirationen"))
        #expect(try again.end(SIGTERM) == 0)
        try checkLogs(relay.lines + again.lines)
    }

    private func key(of relay: Serving) throws -> String? {
        try fields(relay.lines[0])["key"]
    }

    private func fields(_ line: String) throws -> [String: String] {
        try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
    }

    /// Every line is a JSON object, and neither keys nor what people say stands in any.
    private func checkLogs(_ lines: [String]) throws {
        #expect(lines.count >= 4)
        for line in lines {
            let fields = try fields(line)
            #expect(fields["time"] != nil && fields["level"] != nil && fields["message"] != nil)
        }
        let log = lines.joined(separator: "\n")
        #expect(log.contains("\"message\":\"admitted\""))
        #expect(!log.contains("kanelbulle"))
        for store in ["relay", "emma", "omid"] {
            let identity = try fika.folder.bytes(of: store + "/identity")
            let text = String(decoding: identity, as: UTF8.self)
            let secrets = text.split(whereSeparator: \.isWhitespace).filter { $0.count >= 32 }
            #expect(!secrets.isEmpty)
            for secret in secrets { #expect(!log.contains(secret), "a secret of \(store)") }
        }
    }
}
