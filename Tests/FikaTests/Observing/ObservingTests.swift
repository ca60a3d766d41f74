import FikaSimulation
import Fika
import FikaTestSupport
import Foundation
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ObservingTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private var url: URL { URL(fileURLWithPath: folder.path("emma")) }

    @Test func `the timeline gives what is written, and only where it is written`() async throws {
        let fika = try await Workspace.create(at: url, user: "emma")
        let room = try await fika.createRoom("Köket")
        let other = try await fika.createRoom("Balkongen")
        var pages = room.timeline(around: .newest).makeAsyncIterator()
        #expect(await pages.next()?.rows.count == 1)
        let sent = try await room.send("hej")
        #expect(await pages.next()?.rows.last?.text == "hej")
        try await other.send("inte här")
        try await room.setReaction("👍", on: true, for: sent.id)
        try await room.edit(sent.id, "hej hej")
        let page = try #require(await pages.next())
        #expect(page.rows.map(\.text).last == "hej hej")
        #expect(page.rows.last?.reactions.map(\.emoji) == ["👍"])
        try await fika.close()
        #expect(await pages.next() == nil)
    }

    @Test func `the page around the first unread row stays when it is read`() async throws {
        let fika = try await Workspace.create(at: url, user: "omid")
        let room = try await fika.createRoom("Köket")
        for number in 0..<30 { try await room.send("\(number)") }
        let middle = try await room.timeline(limit: 10).rows[0].id
        var pages = room.timeline(around: .around(middle), limit: 10).makeAsyncIterator()
        let first = try #require(await pages.next())
        #expect(first.rows.contains { $0.id == middle })
        #expect(first.hasOlder && first.hasNewer)
        try await room.send("långt nedanför")
        try await room.setReaction("👀", on: true, for: middle)
        let second = try #require(await pages.next())
        #expect(second.rows.map(\.id) == first.rows.map(\.id))
        #expect(second.rows.first { $0.id == middle }?.reactions.count == 1)
        try await fika.close()
    }

    @Test func `the list of rooms and the outbox tell of themselves`() async throws {
        let fika = try await Workspace.create(at: url, user: "emma")
        var rooms = fika.rooms.makeAsyncIterator()
        var outbox = fika.outbox.contents.makeAsyncIterator()
        #expect(await rooms.next()?.isEmpty == true)
        #expect(await outbox.next()?.isEmpty == true)
        let room = try await fika.createRoom("Köket")
        #expect(await rooms.next()?.map(\.name) == ["Köket"])
        let sent = try await room.send("hej")
        #expect(await rooms.next()?.first?.last?.id == sent.id)
        #expect(await outbox.next()?.last?.text == "hej")
        var delivery = sent.delivery.makeAsyncIterator()
        #expect(await delivery.next() == .queued)
        try await fika.close()
        #expect(await delivery.next() == nil)
    }

    @Test func `a process that only reads notices what the holder writes`() async throws {
        let fika = try await Workspace.create(at: url, user: "emma")
        let room = try await fika.createRoom("Köket")
        let reader = try await Workspace.open(
            at: url, writes: false, command: "a test",
            timing: Timing(ContinuousClock(), pollInterval: .milliseconds(5)))
        var pages = reader.room(room.id).timeline(around: .newest).makeAsyncIterator()
        #expect(await pages.next()?.rows.count == 1)
        try await room.send("hej")
        #expect(await pages.next()?.rows.last?.text == "hej")
        let next = Task { await pages.next() }
        try await reader.close()
        #expect(await next.value == nil)
        try await fika.close()
    }
}
