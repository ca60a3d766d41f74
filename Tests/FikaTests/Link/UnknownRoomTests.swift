import Fika
import FikaTestSupport
import Foundation
import Testing

/// A relay that does not know a room, as one that lost its disk and waits for who can fill it.
@Suite(.timeLimit(.minutes(5)))
struct UnknownRoomTests {
    private let fika: Workspace
    private let room: Room
    private let relay: HoldingRelay
    private let address: RelayAddress
    private let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder()
        fika = try await Workspace.create(
            at: URL(fileURLWithPath: folder.path("emma")), user: "emma")
        room = try await fika.createRoom("Köket")
        let sent = try await room.send("hej")
        let time = UInt64(try await room.message(sent.id).time.timeIntervalSince1970 * 1000)
        relay = HoldingRelay(announcing: [], time: time, knowsNothing: true)
        address = .relay("127.0.0.1", port: try await relay.start())
    }

    private func close() async throws {
        await relay.stop()
        try await fika.close()
    }

    @Test func `a sync that waits for others alone ends, and everything stays`() async throws {
        #expect(await fika.sync(with: address) == .waiting(for: [room.id]))
        #expect(try await fika.outbox.items().contains { $0.text == "hej" })
        try await close()
    }

    @Test func `it ends in a process that does not hold the store, too`() async throws {
        let link = fika.connect(to: address)
        let guest = try await Workspace.open(at: URL(fileURLWithPath: fika.folder))
        #expect(await guest.sync(with: address) == .waiting(for: [room.id]))
        #expect(try await guest.status().links.map(\.unknownRooms) == [[room.id]])
        await link.disconnect()
        try await guest.close()
        try await close()
    }

    @Test func `a sync ends where the store cannot be read`() async throws {
        let empty = try await Workspace.create(
            at: URL(fileURLWithPath: folder.path("omid")), user: "omid")
        let link = empty.connect(to: address)
        for await state in link.states where state == .upToDate { break }
        let guest = try await Workspace.open(at: URL(fileURLWithPath: empty.folder))
        var outcome = SyncOutcome.complete
        let hasFailed = await FailingReads.failing(1, below: empty.folder) {
            outcome = await guest.sync(with: address)
        }
        #expect(hasFailed)
        #expect(outcome == .refused(FikaError(.system, "")))
        try await guest.close()
        try await empty.close()
        try await close()
    }
}
