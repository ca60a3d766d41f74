import FikaSimulation
import FikaChat
import FikaLog
import FikaStore
import FikaTestSupport
import Foundation

/// One local message, durable when the call returns, whatever the history.
enum CommitBenchmark {
    private static let samples = 500

    static func run(_ report: inout Report) throws {
        let raw = try rawCommits()
        report.add(.commit, "raw row, FULL, p50", Measure.median(raw) * 1e6, "µs")
        for history in [0, 1000, 100_000] {
            let own = try commits(history: history, count: samples)
            let name = history == 0 ? "empty room" : "after \(history) messages"
            report.add(.commit, "\(name), p50", Measure.median(own) * 1e6, "µs")
            report.add(.commit, "\(name), p99", Measure.percentile(99, own) * 1e6, "µs")
            report.add(
                .commit, "\(name), ratio to raw", Measure.median(raw) / Measure.median(own), "",
                goal: "≥ 0.7")
        }
        if let few = try fsyncs(commits: 10), let many = try fsyncs(commits: 210) {
            report.add(.commit, "fsyncs a message", Double(many - few) / 200, "", goal: "1")
        }
    }

    /// Seconds of each of the commits.
    private static func commits(history: Int, count: Int) throws -> [Double] {
        let test = try TestStore(user: "user01", seed: 1)
        let room = try test.makeRoom("bench")
        if history > 0 {
            var vocabulary = LoadTexts(seed: 2)
            for start in stride(from: 0, to: history, by: 1000) {
                let drafts = (start..<min(start + 1000, history)).map { _ in
                    OpDraft(.message, body: MessageBody(text: vocabulary.next()).body)
                }
                try test.write(drafts, to: room)
                try test.store.seal([room])
            }
            try test.store.checkpointTruncating()
        }
        var texts = LoadTexts(seed: 3)
        return try (0..<count).map { _ in
            let text = texts.next()
            return try Measure.seconds { try test.say(text, in: room) }
        }
    }

    private static func rawCommits() throws -> [Double] {
        let folder = try TemporaryFolder()
        let database = try RawDatabase(path: folder.path("raw.sqlite"))
        try database.run("PRAGMA journal_mode = WAL")
        try database.run("PRAGMA synchronous = FULL")
        try database.run("CREATE TABLE op (a INTEGER, b INTEGER, c INTEGER, d INTEGER, e BLOB)")
        let insert = try database.prepare("INSERT INTO op VALUES (?, ?, ?, ?, ?)")
        let body = [UInt8](repeating: 97, count: 100)
        return try (0..<samples).map { number in
            try Measure.seconds {
                try database.run("BEGIN IMMEDIATE")
                for column in 1...4 { insert.bind(Int32(column), Int64(number)) }
                body.withUnsafeBytes {
                    insert.bind(5, $0); insert.run()
                }
                try database.run("COMMIT")
            }
        }
    }

    /// What the child does: so many commits in a new store.
    static func runCommits(_ arguments: [String]) throws {
        _ = try commits(history: 0, count: arguments.first.flatMap { Int($0) } ?? 1)
    }

    /// The calls to the disk of a process that makes so many commits; nil without strace.
    private static func fsyncs(commits: Int) throws -> Int? {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/strace") else { return nil }
        let printed = try Child.start(
            ["commits", String(commits)],
            under: ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync"])
        return printed.err.split(separator: "\n").count { $0.contains("sync(") }
    }
}
