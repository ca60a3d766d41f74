import FikaSimulation
import Fika
import FikaTestSupport
import Foundation
import Testing

struct ProcessesTests {
    @Test func `ST1: a second process has its commands carried out by the holder`() async throws {
        let fika = try Program()
        let url = URL(fileURLWithPath: fika.store("emma"))
        let holder = try await Workspace.create(at: url, user: "emma", command: "the test")
        let room = try await holder.createRoom("Köket")
        let sent = try fika.run(["send", "#Köket", "från en annan process"])
        #expect(sent.status == 0, "\(sent.errors)")
        let page = try await room.timeline()
        #expect(page.rows.last?.text == "från en annan process")
        #expect(page.rows.last?.id.short == sent.answer)
        let refused = try fika.run(["room", "remove", "#Köket", "omid"])
        #expect(refused.status == 1)
        #expect(refused.errors.contains("omid is not in the room"))
        try await holder.close()
        #expect(try fika.run(["send", "#Köket", "ensam"]).status == 0)
    }

    @Test func `ST1: a holder that takes no commands is named`() throws {
        let fika = try Program()
        try fika.run(["init", "--user", "emma"])
        try fika.run(["room", "create", "Köket"])
        let holder = Process()
        holder.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        holder.arguments = [fika.store("emma") + "/lock", "-c", "echo held; read line"]
        let (input, output) = (Pipe(), Pipe())
        holder.standardInput = input
        holder.standardOutput = output
        try holder.run()
        #expect(output.fileHandleForReading.availableData.isEmpty == false)
        let lock = URL(fileURLWithPath: fika.store("emma") + "/lock")
        let file = try FileHandle(forWritingTo: lock)
        try file.write(contentsOf: Data("4711 an app that hangs".utf8))
        try file.close()
        let result = try fika.run(["send", "#Köket", "hej"])
        #expect(result.status == 75)
        #expect(result.errors.contains("in use by process 4711 (an app that hangs)"))
        #expect(try fika.run(["timeline", "#Köket"]).status == 0)
        try input.fileHandleForWriting.write(contentsOf: Data("\n".utf8))
        holder.waitUntilExit()
        #expect(try fika.run(["send", "#Köket", "hej"]).status == 0)
    }

    @Test func `many processes at once all write`() async throws {
        let fika = try Program()
        try fika.run(["init", "--user", "emma"])
        try fika.run(["room", "create", "Köket"])
        let results = try await withThrowingTaskGroup(of: Program.Result.self) { group in
            for number in 0..<8 {
                group.addTask { try fika.run(["send", "#Köket", "nummer \(number)"]) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for result in results { #expect(result.status == 0, "\(result.errors)") }
        #expect(Set(results.map(\.answer)).count == 8)
        let timeline = try fika.run(["timeline", "#Köket"]).output
        for number in 0..<8 { #expect(timeline.contains("emma: nummer \(number)")) }
        #expect(try fika.run(["log", "verify"]).status == 0)
    }

    @Test func `a killed import leaves a store that verifies and takes the import again`() throws {
        let fika = try Program()
        try fika.run(["init", "--user", "emma"])
        let room = try fika.run(["room", "create", "Köket"]).answer
        let arguments = try ["import", "irc", "#Köket"] + writeDays(in: fika.folder)
        // Wherever in its work the kill finds the import, all or nothing of it is there.
        for delay in [20, 60, 120, 200, 350] {
            let process = fika.process(arguments, store: "emma")
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            poll(nil, 0, Int32(delay))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let verified = try fika.run(["log", "verify"])
            #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        }
        let whole = try fika.run(arguments)
        #expect(whole.answer.hasPrefix("3600 messages and 0 events from 9 files"))
        let digest = try fika.run(["log", "digest", room]).answer
        #expect(try fika.run(arguments).answer.hasSuffix(" 0 of them new"))
        #expect(try fika.run(["log", "digest", room]).answer == digest)
        let found = try fika.run(["search", "line", "399", "day", "9"])
        #expect(found.answer.contains("line 399 of day 9"))
    }

    private func writeDays(in folder: TemporaryFolder) throws -> [String] {
        try (1...9).map { day in
            let lines = (0..<400).map { line in
                let minute = line % 60 < 10 ? "0\(line % 60)" : "\(line % 60)"
                return "[0\(line / 60):\(minute)] <nick\(line % 7)> line \(line) of day \(day)\n"
            }
            let name = "2024-05-0\(day).txt"
            try folder.write(lines.joined().utf8, to: name)
            return folder.path(name)
        }
    }
}
