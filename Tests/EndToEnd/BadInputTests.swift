import FikaSimulation
import FikaTestSupport
import Foundation
import Testing

struct BadInputTests {
    /// A store with a room, and the digest of it.
    private func prepared() throws -> (fika: Program, digest: String) {
        let fika = try Program()
        try fika.run(["init", "--user", "emma"])
        try fika.run(["room", "create", "Köket", "--member", "omid"])
        try fika.run(["send", "#Köket", "hej"])
        return (fika, try fika.run(["log", "digest", "#Köket"]).answer)
    }

    @Test func `each kind of failure has its exit code and one clear line`() throws {
        let (fika, _) = try prepared()
        let cases: [(arguments: [String], status: Int32, words: String)] = [
            (["timeline", "#nowhere"], 1, "no room #nowhere"),
            (["reply", "ffffff:9", "hej"], 1, "no message ffffff:9"),
            (["reply", "nonsense", "hej"], 64, "no message id"),
            (["send", "#Köket", String(repeating: "x", count: 32_769)], 64, "at most 32768 bytes"),
            (["room", "create", ""], 64, "a room needs a name"),
            (["init", "--user", "emma"], 1, "there is a store"),
            (["room", "remove", "#Köket", "vera"], 1, "vera is not in the room"),
            (["log", "import", "missing.fika"], 71, "No such file"),
            (["import", "irc", "#Köket", "2024-03-01.txt"], 71, "No such file"),
            (["import", "irc", "#Köket", "x", "--timezone", "Mars/Base"], 64, "no time zone"),
            (["why", "vote", "ffffff:9", "emma"], 1, "no message"),
        ]
        for (arguments, status, words) in cases {
            let result = try fika.run(arguments)
            #expect(result.status == status, "\(arguments)")
            #expect(result.output.isEmpty, "\(arguments)")
            #expect(result.errors.contains(words), "\(arguments): \(result.errors)")
            #expect(result.errors.hasPrefix("fika: "), "\(arguments)")
            #expect(result.errors.split(separator: "\n").count == 1, "\(arguments)")
        }
    }

    @Test func `wrong usage is explained and exits with 64`() throws {
        let fika = try Program()
        for arguments in [["send"], ["timeline", "x", "--limit", "0"], ["brew"], ["log", "show"]] {
            let result = try fika.run(arguments)
            #expect(result.status == 64, "\(arguments)")
            #expect(result.errors.contains("Usage:"), "\(arguments)")
        }
    }

    @Test func `there is no store yet, and that is said`() throws {
        let fika = try Program()
        let result = try fika.run(["room", "list"])
        #expect(result.status == 1)
        #expect(result.errors.contains("no store in"))
    }

    @Test func `X3: a damaged export changes nothing`() throws {
        let (fika, digest) = try prepared()
        try fika.run(["log", "export", "good.fika"])
        let good = try fika.folder.bytes(of: "good.fika")
        var generator = SplitMix64(seed: 31)
        var damaged: [[UInt8]] = [[], Array(good.prefix(23)), Array(good.dropLast()), good + [0]]
        for _ in 0..<12 {
            var bytes = good
            let place = Int.random(in: good.indices, using: &generator)
            bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            damaged.append(bytes)
        }
        for bytes in damaged {
            try fika.folder.write(bytes, to: "bad.fika")
            let result = try fika.run(["log", "import", "bad.fika"])
            #expect(result.status == 2, "\(result.output)")
            #expect(result.errors.split(separator: "\n").count == 1)
        }
        #expect(try fika.run(["log", "digest", "#Köket"]).answer == digest)
        #expect(try fika.run(["log", "verify"]).status == 0)
    }

    @Test func `bad chat files stop the import with file, line and reason`() throws {
        let (fika, digest) = try prepared()
        let good = Fixtures.path("irc/good/2024-03-02.txt")
        for (name, words) in [
            ("utf8", ":2: not valid UTF-8"), ("nul", ":3: a byte 0"), ("form", ":2: no line"),
            ("time", ":1: no time of day"), ("empty", ": the file is empty"),
        ] {
            let bad = Fixtures.path("irc/bad/\(name)/2024-03-01.txt")
            let result = try fika.run(["import", "irc", "#Köket", good, bad])
            #expect(result.status == 2)
            #expect(result.errors.contains("\(name)/2024-03-01.txt\(words)"), "\(result.errors)")
        }
        #expect(try fika.run(["log", "digest", "#Köket"]).answer == digest)
    }

    @Test func `a store that is no database is damaged, not a crash`() throws {
        let (fika, _) = try prepared()
        let path = "emma/fika.sqlite"
        try fika.folder.write(Array(repeating: 0x41, count: 100_000), to: path)
        for side in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: fika.folder.path(path + side))
        }
        for arguments in [["room", "list"], ["send", "#Köket", "hej"], ["log", "verify"]] {
            let result = try fika.run(arguments)
            #expect(result.status == 2, "\(arguments): \(result.errors)")
            #expect(result.errors.contains("damaged"), "\(result.errors)")
        }
    }

    @Test func `control characters of others never reach the terminal`() throws {
        let (fika, _) = try prepared()
        try fika.run(["send", "#Köket", "red\u{1B}[31m\u{7}\u{9B}2J\u{202E}"])
        let shown = try fika.run(["timeline", "#Köket"]).output
        #expect(shown.contains("red␛[31m␇\u{FFFD}2J\u{FFFD}"))
        #expect(!shown.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }
}
