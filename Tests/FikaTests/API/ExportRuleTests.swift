import FikaSimulation
import Fika
import FikaCRDT
import FikaChat
import FikaLog
import FikaTestSupport
import Foundation
import Testing

/// Rules X1 and X2: what stands in an export file.
struct ExportRuleTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func workspace() async throws -> Workspace {
        try await Workspace.create(at: URL(fileURLWithPath: folder.path("emma")), user: "emma")
    }

    private func exported(_ fika: Workspace) async throws -> [SealedSegment] {
        let path = folder.path("export")
        try await fika.perform(.export(path: path, rooms: []))
        var reader = try ExportReader(path: path)
        var segments: [SealedSegment] = []
        while let segment = try reader.next() { segments.append(segment) }
        return segments
    }

    @Test func `X1: a log's segments stand next to each other, and each verifies by itself`()
        async throws
    {
        let fika = try await workspace()
        for name in ["Köket", "Hallen", "Vinden"] {
            let room = try await fika.createRoom(name)
            for number in 1...10 { try await room.send("rad \(number)") }
            let lines = (0..<1100).map { "[09:00] <nick> rad \($0)\n" }.joined()
            try folder.write(lines.utf8, to: "2024-03-01.txt")
            try await fika.perform(
                .importIRC(
                    .init(
                        room: room.id, paths: [folder.path("2024-03-01.txt")], channel: "#fika")))
        }
        let segments = try await exported(fika)
        let logs = segments.map(\.segment.log)
        let changes = zip(logs, logs.dropFirst()).filter { $0 != $1 }.count
        #expect(Set(logs).count == 3)
        #expect(changes == 2)
        #expect(segments.count > 6)
        #expect(segments.contains { !$0.cards.isEmpty }, "some begin mid-chain")
        // Nothing is known of any replica here.
        for segment in segments {
            #expect(throws: Never.self) { try segment.verified() }
        }
        try await fika.close()
    }

    @Test func `X2: exporting seals, and what was not to be seen never leaves`() async throws {
        let fika = try await workspace()
        let room = try await fika.createRoom("Köket")
        let sent = try await room.send("Bular")
        try await room.edit(sent.id, "Bullar")
        let regretted = try await room.send("hemlighet")
        try await room.delete(regretted.id)
        #expect(try await fika.inspection.logs().map(\.unsealedCount) == [4])
        let ops = try await exported(fika).flatMap(\.segment.ops)
        #expect(
            ops.map(\.kind) == [ChatKind.introduction, .create, .message, .void].map(\.kind))
        #expect(ops[2].body == MessageBody(text: "Bullar").body)
        #expect(ops[3].body == [])
        #expect(try await fika.inspection.logs().map(\.unsealedCount) == [0])
        // From here on an edit is an op of its own.
        try await room.edit(sent.id, "Semlor")
        #expect(try await fika.inspection.logs().map(\.unsealedCount) == [1])
        let again = try await exported(fika).flatMap(\.segment.ops)
        #expect(Array(again.prefix(4)) == ops)
        #expect(again.count == 5)
        try await fika.close()
    }
}
