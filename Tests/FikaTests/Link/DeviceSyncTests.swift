import Fika
import FikaTestSupport
import Foundation
import Testing

/// Two devices on real sockets, without a relay.
@Suite(.timeLimit(.minutes(5)))
struct DeviceSyncTests {
    private let folder: TemporaryFolder
    private let emma: Workspace
    private let omid: Workspace

    init() async throws {
        folder = try TemporaryFolder()
        emma = try await Workspace.create(
            at: URL(fileURLWithPath: folder.path("emma")), user: "emma")
        omid = try await Workspace.create(
            at: URL(fileURLWithPath: folder.path("omid")), user: "omid", workspace: emma.id)
    }

    private func close() async throws {
        try await omid.close()
        try await emma.close()
    }

    @Test func `P2: one meeting brings each what the other has, and no more`() async throws {
        let shared = try await emma.createRoom("Köket", members: ["omid"])
        let own = try await emma.createRoom("Hemligt")
        let asked = try await shared.send("Kaffe?")
        let service = try await emma.serve(on: .relay("127.0.0.1", port: 0))
        #expect(await omid.sync(withDevice: service.address) == .complete)
        #expect(try await omid.roomList().map(\.id) == [shared.id])
        let answer = try await omid.room(shared.id).reply(to: asked.id, "Ja tack")
        #expect(await omid.sync(withDevice: service.address) == .complete)
        var pages = shared.timeline(around: .newest).makeAsyncIterator()
        // What came is stored before the other end is told, yet after this end has asked.
        while let page = await pages.next(), page.rows.last?.id != answer.id {}
        #expect(try await shared.message(answer.id).text == "Ja tack")
        #expect(try await answer.currentDelivery() == .queued)
        #expect(try await own.timeline().rows.count == 1)
        try await close()
    }

    @Test func `a device that is not there is told as such, and everything stays`() async throws {
        let room = try await emma.createRoom("Köket")
        try await room.send("kvar")
        let service = try await omid.serve(on: .relay("127.0.0.1", port: 0))
        let address = service.address
        await service.stop()
        #expect(await emma.sync(withDevice: address) == .unreachable)
        #expect(await emma.sync(with: address) == .unreachable)
        #expect(try await emma.outbox.items().contains { $0.text == "kvar" })
        try await close()
    }

    @Test func `only beyond loopback must be asked for`() async throws {
        await #expect(throws: FikaError(.refused, "")) {
            try await emma.serve(on: .relay("0.0.0.0", port: 0))
        }
        try await close()
    }

    @Test func `a process that does not hold the store has no links of its own`() async throws {
        let guest = try await Workspace.open(at: URL(fileURLWithPath: emma.folder))
        let link = guest.connect(to: .relay("127.0.0.1", port: 1))
        #expect(link.state == .refused(FikaError(.storeInUse, "")))
        #expect(
            await guest.sync(with: .relay("127.0.0.1", port: 1))
                == .refused(FikaError(.storeInUse, "")))
        let held = emma.connect(to: .relay("127.0.0.1", port: 1))
        for await state in held.states {
            if case .offline = state { break }
        }
        let status = try await guest.status()
        #expect(status.isHeld)
        #expect(status.links.map(\.address) == [held.address])
        await held.disconnect()
        #expect(await held.states.reduce(into: 0) { count, _ in count += 1 } <= 1)
        try await guest.close()
        try await close()
    }
}
