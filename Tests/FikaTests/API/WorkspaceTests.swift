import FikaSimulation
import Fika
import FikaTestSupport
import Foundation
import Testing

struct WorkspaceTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func url(_ name: String) -> URL {
        URL(fileURLWithPath: folder.path(name))
    }

    private func workspace(_ user: String = "emma") async throws -> Workspace {
        try await Workspace.create(at: url(user), user: user)
    }

    @Test func `what is written is there after closing and opening`() async throws {
        let fika = try await workspace()
        let room = try await fika.createRoom("Köket", about: "Kaffe", members: ["omid", "emma"])
        let sent = try await room.send("hej")
        try await fika.close()
        let again = try await Workspace.open(at: url("emma"))
        #expect(again.access == .holder)
        #expect(again.user == "emma")
        let rooms = try await again.roomList()
        #expect(rooms.map(\.name) == ["Köket"])
        #expect(rooms.first?.about == "Kaffe")
        #expect(rooms.first?.last?.id == sent.id)
        let members = try await again.room(room.id).members()
        #expect(members.map(\.user) == ["emma", "omid"])
        #expect(members.map(\.isModerator) == [true, false])
        try await again.close()
    }

    @Test func `a second opening is a guest whose writing the holder does`() async throws {
        let holder = try await workspace()
        let room = try await holder.createRoom("Köket")
        let guest = try await Workspace.open(at: url("emma"))
        #expect(guest.access == .guest)
        let sent = try await guest.room(room.id).send("från gästen")
        #expect(try await holder.room(room.id).message(sent.id).text == "från gästen")
        await #expect(throws: FikaError(.notFound, "")) {
            try await guest.room(room.id).remove("vera")
        }
        try await guest.close()
        try await holder.close()
    }

    @Test func `a guest whose holder has gone writes by itself`() async throws {
        let holder = try await workspace()
        let room = try await holder.createRoom("Köket")
        let guest = try await Workspace.open(at: url("emma"))
        try await holder.close()
        try await guest.room(room.id).send("kvar")
        #expect(try await guest.room(room.id).timeline().rows.last?.text == "kvar")
        try await guest.close()
    }

    @Test func `a reader reads and refuses to write`() async throws {
        let holder = try await workspace()
        let room = try await holder.createRoom("Köket")
        let reader = try await Workspace.open(at: url("emma"), writes: false)
        #expect(try await reader.roomList().count == 1)
        await #expect(throws: FikaError(.refused, "")) {
            try await reader.room(room.id).send("nej")
        }
        try await reader.close()
        try await holder.close()
    }

    @Test func `rooms are found by name, by user and by digits`() async throws {
        let fika = try await workspace()
        let room = try await fika.createRoom("Köket")
        let chat = try await fika.privateChat(with: "omid")
        try await chat.send("hej")
        for reference in ["#Köket", "Köket", room.id.description, room.id.short] {
            #expect(try await fika.findRoom(reference).id == room.id)
        }
        #expect(try await fika.findRoom("@omid").id == chat.id)
        for reference in ["#Hallen", "@vera", "abc", "ffffffff"] {
            await #expect(throws: FikaError(.notFound, "")) {
                try await fika.findRoom(reference)
            }
        }
        _ = try await fika.createRoom("Köket")
        await #expect(throws: FikaError(.ambiguous, "")) { try await fika.findRoom("#Köket") }
        try await fika.close()
    }

    @Test func `messages are found by their short ids`() async throws {
        let fika = try await workspace()
        let sent = try await fika.createRoom("Köket").send("hej")
        #expect(try await fika.findMessage(sent.id.short).id == sent.id)
        #expect(try await fika.findMessage(sent.id.description).id == sent.id)
        await #expect(throws: FikaError(.invalidArgument, "")) {
            try await fika.findMessage("hej")
        }
        await #expect(throws: FikaError(.notFound, "")) {
            try await fika.findMessage("000000:1")
        }
        try await fika.close()
    }

    @Test func `pages join without a gap or a double`() async throws {
        let fika = try await workspace()
        let room = try await fika.createRoom("Köket")
        for number in 1...25 { try await room.send("\(number)") }
        let all = try await room.timeline(.newest, limit: 100).rows.map(\.id)
        #expect(all.count == 26)
        var newest = try await room.timeline(.newest, limit: 7)
        #expect(!newest.hasNewer && newest.hasOlder)
        var collected = newest.rows.map(\.id)
        while newest.hasOlder, let first = collected.first {
            newest = try await room.timeline(.before(first), limit: 7)
            collected = newest.rows.map(\.id) + collected
        }
        #expect(collected == all)
        let rest = try await room.timeline(.after(all[9]), limit: 10)
        #expect(rest.rows.map(\.id) == Array(all[10..<20]))
        #expect(rest.hasNewer && rest.hasOlder)
        try await fika.close()
    }

    @Test func `limits are told in words before anything is written`() async throws {
        let fika = try await workspace()
        let room = try await fika.createRoom("Köket")
        try await room.send(String(repeating: "x", count: 32 * 1024))
        let tooMuch: [() async throws -> Void] = [
            { try await room.send(String(repeating: "x", count: 32 * 1024 + 1)) },
            { try await room.send("") },
            { try await room.rename(String(repeating: "x", count: 257)) },
            { try await room.describe(String(repeating: "x", count: 2049)) },
            { try await room.invite("") },
            {
                _ = try await room.createPoll(
                    .init(question: "?", options: Array(repeating: "a", count: 65)))
            },
        ]
        for write in tooMuch {
            await #expect(throws: FikaError(.invalidArgument, "")) { try await write() }
        }
        #expect(try await room.timeline().rows.count == 2)
        try await fika.close()
    }

    @Test func `a removed user comes in again, one who left only knowingly`() async throws {
        let fika = try await workspace()
        let room = try await fika.createRoom("Köket", members: ["omid"])
        try await room.remove("omid")
        #expect(try await room.members().map(\.user) == ["emma"])
        try await room.invite("omid", asModerator: true)
        #expect(try await room.members().map(\.isModerator) == [true, true])
        let why = try await fika.inspection.why(.member(room.id, user: "omid"))
        #expect(why.steps.map(\.verdict) == [.lost, .won, .won])
        #expect(why.result == "omid is a moderator")
        try await fika.close()
    }

    @Test func `a store of another folder, or none, is told`() async throws {
        await #expect(throws: FikaError(.notFound, "")) {
            _ = try await Workspace.open(at: url("nowhere"))
        }
        let fika = try await workspace()
        await #expect(throws: FikaError(.storeInUse, "")) {
            _ = try await Workspace.create(at: url("emma"), user: "emma")
        }
        try await fika.close()
        await #expect(throws: FikaError(.alreadyExists, "")) {
            _ = try await Workspace.create(at: url("emma"), user: "emma")
        }
    }
}
