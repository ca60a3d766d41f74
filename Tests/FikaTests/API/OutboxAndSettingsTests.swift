import Fika
import FikaTestSupport
import Foundation
import Testing

struct OutboxAndSettingsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func workspace() async throws -> Workspace {
        try await Workspace.create(at: URL(fileURLWithPath: folder.path("emma")), user: "emma")
    }

    @Test func `what is on its way is neither discarded nor sent again`() async throws {
        let fika = try await workspace()
        let sent = try await fika.createRoom("Köket").send("hej")
        await #expect(throws: FikaError(.refused, "")) { try await fika.outbox.discard(sent.id) }
        await #expect(throws: FikaError(.refused, "")) { try await fika.outbox.sendAgain(sent.id) }
        let items = try await fika.outbox.items()
        #expect(items.last?.first == sent.id)
        #expect(items.allSatisfy { $0.delivery == .queued })
        let other = try #require(MessageID(sent.id.description.replacing(/:\d+$/, with: ":99")))
        await #expect(throws: FikaError(.notFound, "")) { try await fika.outbox.discard(other) }
        try await fika.close()
    }

    @Test func `the relay is remembered, by a guest too`() async throws {
        let fika = try await workspace()
        #expect(try await fika.relay() == nil)
        let guest = try await Workspace.open(at: URL(fileURLWithPath: fika.folder))
        #expect(guest.access == .guest)
        try await guest.setRelay(.relay("::1", port: 4))
        #expect(try await fika.relay() == RelayAddress(host: "::1", port: 4))
        try await fika.setRelay(nil)
        #expect(try await guest.relay() == nil)
        try await guest.close()
        try await fika.close()
    }

    @Test(arguments: [
        ("relay.example", "relay.example:7447"), ("localhost:1", "localhost:1"),
        ("[::1]:65535", "[::1]:65535"), ("[::1]", "[::1]:7447"), ("127.0.0.1:0", "127.0.0.1:0"),
    ])
    func `an address is read as people write it`(text: String, shown: String) {
        #expect(RelayAddress(text)?.description == shown)
        #expect(RelayAddress(shown) == RelayAddress(text))
    }

    @Test(arguments: ["", ":1", "a:", "a:b", "a:65536", "a:-1", "::1", "[::1", "[::1]x:1", "a b:1"])
    func `what is no address is none`(text: String) {
        #expect(RelayAddress(text) == nil)
    }
}
