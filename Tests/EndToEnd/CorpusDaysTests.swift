import FikaTestSupport
import Foundation
import Testing

/// A few days of real chat, where the corpus lies beside the repository.
struct CorpusDaysTests {
    private static let archive = Fixtures.root + "/../shared/corpora/ubuntu-irc.tar.zst"
    private static let days = 3

    @Test func `days of real chat import, travel and show the same`() throws {
        guard FileManager.default.fileExists(atPath: Self.archive) else {
            print("no corpus beside the repository: real days of chat were not imported")
            return
        }
        let fika = try Program()
        let unpacked = try unpack(into: fika.folder)
        try fika.run(["init", "--user", "emma"])
        let room = try fika.run(["room", "create", "ubuntu"]).answer
        let arguments = ["import", "irc", room, "--channel", "#ubuntu"] + unpacked
        let imported = try fika.run(arguments)
        #expect(imported.status == 0, "\(imported.errors)")
        #expect(try fika.run(arguments).answer.hasSuffix(" 0 of them new"))
        try fika.run(["log", "export", "days.fika"])
        try fika.run(["init", "--user", "emma", "--join", "days.fika"], store: "second")
        #expect(try fika.run(["log", "import", "days.fika"], store: "second").status == 0)
        let digests = try ["emma", "second"].map {
            try fika.run(["log", "digest", room], store: $0).answer
        }
        #expect(digests[0] == digests[1] && digests[0].count == 64)
        #expect(try fika.run(["log", "verify"], store: "second").status == 0)
    }

    private func unpack(into folder: TemporaryFolder) throws -> [String] {
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = [
            "-c", "zstd -dc '\(Self.archive)' | tar -xf - -C '\(folder.path)'",
        ]
        try shell.run()
        shell.waitUntilExit()
        try #require(shell.terminationStatus == 0)
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".txt") }.sorted()
        return names.prefix(Self.days).map { folder.path($0) }
    }
}
