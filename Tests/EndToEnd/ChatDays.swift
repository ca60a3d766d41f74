import FikaSimulation
import FikaTestSupport
import Foundation
import Testing

/// Days of chat as files: real ones where the corpus is at hand, else generated ones.
enum ChatDays {
    /// Some 60,000 lines, more than one transaction takes in.
    ///
    /// All 220,000 when `FIKA_WHOLE_CORPUS` is set.
    static func files(in folder: TemporaryFolder) throws -> [String] {
        let isWhole = ProcessInfo.processInfo.environment["FIKA_WHOLE_CORPUS"] != nil
        guard let archive = IRCCorpus.path else {
            return try generated(days: isWhole ? 150 : 45, in: folder)
        }
        let files = try unpack(archive, into: folder)
        return Array(files.prefix(isWhole ? files.count : 45))
    }

    private static func unpack(
        _ archive: String, into folder: TemporaryFolder
    ) throws -> [String] {
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", "zstd -dc '\(archive)' | tar -xf - -C '\(folder.path)'"]
        try shell.run()
        shell.waitUntilExit()
        try #require(shell.terminationStatus == 0)
        return try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".txt") }.sorted().map { folder.path($0) }
    }

    private static func generated(days: Int, in folder: TemporaryFolder) throws -> [String] {
        var texts = LoadTexts(seed: 11)
        func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return try (0..<days).map { day in
            let lines = (0..<1440).map { minute in
                let time = "\(digits(minute / 60)):\(digits(minute % 60))"
                return "[\(time)] <nick\(minute % 23)> \(texts.next())\n"
            }
            let name = "2024-\(digits(day / 28 + 1))-\(digits(day % 28 + 1)).txt"
            try folder.write(lines.joined().utf8, to: name)
            return folder.path(name)
        }
    }
}
