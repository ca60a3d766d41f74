import FikaSimulation
import Fika
import FikaCRDT
import FikaChat
import FikaTestSupport
import Foundation
import Testing

struct IRCLogTests {
    private func parse(_ text: String, day: String = "2024-03-01") throws(ImportError) -> [IRCLine]
    {
        try IRCDayFile(path: "\(day).txt", content: Array(text.utf8)).lines
    }

    private func line(
        _ minute: Int, _ type: ImportedType, _ nick: String, _ text: String
    ) -> IRCLine {
        IRCLine(minute: minute, type: type, nick: nick, text: text)
    }

    @Test func `every form of line is read`() throws {
        let file = try IRCDayFile(path: Fixtures.path("irc/good/2024-03-01.txt"))
        #expect(
            file.lines == [
                line(0, .event, "", "emma has joined #fika"),
                line(539, .message, "emma", "God morgon! Någon som vill ha räksmörgås?"),
                line(540, .message, "omid", "Gärna."),
                line(540, .message, "omid", "Gärna."),
                line(540, .action, "omid", "dukar"),
                line(540, .event, "", "vera_ is now known as vera"),
                line(541, .message, "vera", "emma: two, please"),
                line(541, .message, "vera", ""),
                line(542, .notice, "bot", "fika at 15:00"),
                line(543, .message, "vera", "sent by a bridge"),
                line(544, .message, "bur[n] er", "  keeps its spaces"),
            ])
    }

    @Test func `lines of one minute keep their order, equal ones are counted`() throws {
        let log = try IRCLog(paths: [Fixtures.path("irc/good/2024-03-01.txt")], zone: .gmt)
        let nine = log.entries.filter { $0.time.milliseconds == 1_709_283_600_000 }
        #expect(nine.map(\.time.counter) == [0, 1, 2, 3])
        #expect(nine.map(\.message.ordinal) == [0, 1, 0, 0])
        #expect(nine.map(\.message.type) == [.message, .message, .action, .event])
    }

    @Test func `days are put in order, and times that go backwards are kept`() throws {
        let names = ["irc/good/2024-03-02.txt", "irc/good/2024-03-01.txt"]
        let log = try IRCLog(paths: names.map(Fixtures.path), zone: .gmt)
        #expect(log.entries.count == 15)
        #expect(zip(log.entries, log.entries.dropFirst()).allSatisfy { $0.time < $1.time })
        #expect(
            log.entries.suffix(4).map(\.message.text)
                == ["early", "omid has left #fika []", "lunch\u{2}bold\u{2}", "still up?"])
    }

    private static let bad: [(name: String, line: Int?, reason: ImportError.Reason)] = [
        ("irc/bad/utf8/2024-03-01.txt", 2, .invalidUTF8),
        ("irc/bad/nul/2024-03-01.txt", 3, .nul),
        ("irc/bad/form/2024-03-01.txt", 2, .unknownForm),
        ("irc/bad/time/2024-03-01.txt", 1, .noTime),
        ("irc/bad/empty/2024-03-01.txt", nil, .empty),
        ("irc/bad/name/2024-02-30.txt", nil, .noDate),
        ("irc/bad/name/fredag.txt", nil, .noDate),
        ("irc/bad/name/2024-02-30.txt/2024-03-01.txt", nil, .unreadable("Not a directory")),
        ("irc/none/2024-03-01.txt", nil, .unreadable("No such file or directory")),
    ]

    @Test func `a bad file is named with line and reason`() {
        for (name, number, reason) in Self.bad {
            let path = Fixtures.path(name)
            #expect(throws: ImportError(file: path, line: number, reason: reason)) {
                try IRCLog(paths: [Fixtures.path("irc/good/2024-03-01.txt"), path], zone: .gmt)
            }
        }
    }

    @Test(arguments: [
        "hello", "[09:00]", "[09:00] ", "[09:00] <emma", "[09:00] <> text", "[09:00] <emma>text",
        "[9:00] <emma> text", "[09:00]<emma> text", "[09.00] <emma> text", "[09:00]  * ",
        "[09:00] -bot- text", "[09:00] -bot:fika- text", "[09:00] -:#fika- text",
        "[09:00] (vera) text", "[09:00] (vera/#fika text", "[0a:00] <emma> text", "== emma",
    ])
    func `a line of no known form is refused`(text: String) {
        #expect(throws: ImportError(file: "2024-03-01.txt", line: 1, reason: .unknownForm)) {
            try parse(text)
        }
    }

    @Test func `a carriage return before the line's end is no text`() throws {
        #expect(try parse("[09:00] <emma> hej\r\n") == [line(540, .message, "emma", "hej")])
    }

    @Test func `texts and nicks may be as long as their limits`() throws {
        let text = String(repeating: "x", count: 32 * 1024)
        let nick = String(repeating: "n", count: 256)
        #expect(try parse("[09:00] <\(nick)> \(text)").count == 1)
        let longText = ImportError.Reason.textTooLong(byteCount: 32_769, limit: 32_768)
        #expect(throws: ImportError(file: "2024-03-01.txt", line: 1, reason: longText)) {
            try parse("[09:00] <emma> \(text)x")
        }
        let longNick = ImportError.Reason.nameTooLong(byteCount: 257, limit: 256)
        #expect(throws: ImportError(file: "2024-03-01.txt", line: 1, reason: longNick)) {
            try parse("[09:00] <\(nick)n> hej")
        }
    }

    @Test func `a minute has as many lines as a stamp can count`() throws {
        let lines = Array(repeating: "[09:00] <a> b\n", count: 65_536).joined()
        let path = "2024-03-01.txt"
        let full = try IRCDayFile(path: path, content: Array(lines.utf8))
        let log = try IRCLog(files: [full], zone: .gmt)
        #expect(log.entries.last?.time.counter == 65_535)
        #expect(log.entries.last?.message.ordinal == 65_535)
        let above = try IRCDayFile(path: path, content: Array((lines + "[09:00] <a> b").utf8))
        #expect(throws: ImportError(file: path, reason: .tooManyInOneMinute(limit: 65_536))) {
            try IRCLog(files: [above], zone: .gmt)
        }
    }

    @Test func `one day cannot come twice in one import`() throws {
        let path = Fixtures.path("irc/good/2024-03-01.txt")
        #expect(throws: ImportError(file: path, reason: .dayTwice(other: path))) {
            try IRCLog(paths: [path, path], zone: .gmt)
        }
    }

    @Test func `an error is one line with file, line and reason`() {
        let error = ImportError(file: "a/2024-03-01.txt", line: 7, reason: .invalidUTF8)
        #expect("\(error)" == "a/2024-03-01.txt:7: not valid UTF-8")
        let whole = ImportError(file: "fredag.txt", reason: .noDate)
        #expect("\(whole)" == "fredag.txt: the file's name is not a day, as 2005-06-16.txt")
    }

    @Test func `seeded damage of a file is read or refused, never more`() throws {
        let good = try IRCDayFile(path: Fixtures.path("irc/good/2024-03-01.txt"))
        let bytes = try Array(
            Data(contentsOf: URL(fileURLWithPath: Fixtures.path("irc/good/2024-03-01.txt"))))
        var generator = SplitMix64(seed: 2_024)
        var refused = 0
        for _ in 0..<3_000 {
            var damaged = bytes
            for _ in 0...Int.random(in: 0...3, using: &generator) {
                let place = Int.random(in: damaged.indices, using: &generator)
                damaged[place] = .random(in: 0...255, using: &generator)
            }
            let content = Array(damaged.prefix(.random(in: 1...bytes.count, using: &generator)))
            do throws(ImportError) {
                let file = try IRCDayFile(path: "2024-03-01.txt", content: content)
                #expect(file.lines.count <= good.lines.count + 4)
            } catch {
                #expect(error.file == "2024-03-01.txt")
                refused += 1
            }
        }
        #expect(refused > 100)
    }
}
