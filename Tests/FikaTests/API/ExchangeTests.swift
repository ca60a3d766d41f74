import FikaSimulation
import Fika
import FikaTestSupport
import Foundation
import Testing

struct ExchangeTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func workspace(_ user: String, in id: String? = nil) async throws -> Workspace {
        try await Workspace.create(
            at: URL(fileURLWithPath: folder.path(user)), user: user, workspace: id)
    }

    /// A workspace with a conversation, and its export.
    private func exported() async throws -> (fika: Workspace, room: Room, path: String) {
        let fika = try await workspace("emma")
        let room = try await fika.createRoom("Köket", members: ["omid"])
        for number in 1...40 { try await room.send("rad \(number)") }
        let path = folder.path("export")
        try await fika.perform(.export(path: path, rooms: [room.id]))
        return (fika, room, path)
    }

    @Test func `X4: an export brings everything once`() async throws {
        let (emma, room, path) = try await exported()
        #expect(try Workspace.workspaceID(ofExport: path) == emma.id)
        let omid = try await workspace("omid", in: emma.id)
        guard case .exchanged(let first) = try await omid.perform(.importExport(path: path)),
            case .exchanged(let second) = try await omid.perform(.importExport(path: path))
        else {
            Issue.record("an import tells what it brought")
            return
        }
        #expect(first.newOps == 43 && first.ops == 43 && first.logs == 1)
        #expect(second.newOps == 0 && second.ops == 43)
        let digests = [
            try await emma.inspection.digest(of: room.id),
            try await omid.inspection.digest(of: room.id),
        ]
        #expect(digests[0] == digests[1])
        #expect(try await omid.roomList().first?.unreadCount == 40)
        #expect(try await omid.room(room.id).markRead() == 40)
        #expect(try await omid.roomList().first?.unreadCount == 0)
        try await emma.close()
        try await omid.close()
    }

    @Test func `X3: whatever is damaged, nothing is stored and nothing traps`() async throws {
        let (emma, _, path) = try await exported()
        let good = try folder.bytes(of: "export")
        let omid = try await workspace("omid", in: emma.id)
        var generator = SplitMix64(seed: 404)
        for round in 0..<400 {
            var bytes = good
            switch round % 4 {
            case 0: bytes = Array(good.prefix(.random(in: 0..<good.count, using: &generator)))
            case 1: bytes.append(.random(in: 0...255, using: &generator))
            case 2: bytes.remove(at: .random(in: good.indices, using: &generator))
            default:
                let place = Int.random(in: good.indices, using: &generator)
                bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            }
            try folder.write(bytes, to: "damaged")
            do {
                try await omid.perform(.importExport(path: folder.path("damaged")))
                Issue.record("damage of round \(round) was not noticed")
            } catch {
                #expect([.malformedInput, .otherWorkspace].contains(error.code), "\(error)")
            }
        }
        #expect(try await omid.roomList().isEmpty)
        try await omid.perform(.importExport(path: path))
        #expect(try await omid.roomList().count == 1)
        try await emma.close()
        try await omid.close()
    }

    @Test func `X6: an export goes into a file of its own, not where a link leads`() async throws {
        try folder.write("kvar".utf8, to: "other")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("export.part"), withDestinationPath: folder.path("other"))
        let (emma, _, path) = try await exported()
        #expect(try folder.bytes(of: "other") == Array("kvar".utf8))
        #expect(try Workspace.workspaceID(ofExport: path) == emma.id)
        try await emma.close()
    }

    @Test func `X5: a log that is not the reader's is left out and named`() async throws {
        let (emma, room, path) = try await exported()
        let vera = try await workspace("vera", in: emma.id)
        guard case .exchanged(let summary) = try await vera.perform(.importExport(path: path))
        else { return }
        #expect(summary.skipped == [room.id])
        #expect(summary.newOps == 0)
        #expect(try await vera.inspection.verify().isGood)
        try await emma.close()
        try await vera.close()
    }

    @Test(arguments: [1, 900, 960, 961, 1020, 1024, 1100, 2500])
    func `an export of many ops of one replica leaves none out`(count: Int) async throws {
        let fika = try await workspace("emma")
        let room = try await fika.createRoom("Köket", members: ["omid"])
        try await room.send("före importen")
        let lines = (0..<count).map { "[09:00] <nick> rad \($0)\n" }.joined()
        try folder.write(lines.utf8, to: "2024-03-01.txt")
        try await fika.perform(
            .importIRC(
                .init(room: room.id, paths: [folder.path("2024-03-01.txt")], channel: "#fika")))
        let path = folder.path("export")
        guard case .exchanged(let sent) = try await fika.perform(.export(path: path, rooms: []))
        else { return }
        // Two introductions, a create, a grant, a message and the import's run.
        #expect(sent.ops == count + 6)
        let omid = try await workspace("omid", in: fika.id)
        guard case .exchanged(let got) = try await omid.perform(.importExport(path: path))
        else { return }
        #expect(got.newOps == count + 6)
        let digests = [
            try await fika.inspection.digest(of: room.id),
            try await omid.inspection.digest(of: room.id),
        ]
        #expect(digests[0] == digests[1])
        #expect(try await omid.inspection.verify().isGood)
        try await fika.close()
        try await omid.close()
    }

    @Test func `another workspace's export is refused`() async throws {
        let (emma, _, path) = try await exported()
        let other = try await workspace("omid")
        await #expect(throws: FikaError(.otherWorkspace, "")) {
            try await other.perform(.importExport(path: path))
        }
        try await emma.close()
        try await other.close()
    }

    @Test func `X6: a failed export leaves no file`() async throws {
        let fika = try await workspace("emma")
        let path = folder.path("nowhere/export")
        await #expect(throws: FikaError(.system, "")) {
            try await fika.perform(.export(path: path, rooms: []))
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names == ["emma"])
        try await fika.close()
    }
}
