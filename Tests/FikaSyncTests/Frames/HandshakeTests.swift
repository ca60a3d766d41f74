import FikaSimulation
import FikaCRDT
import FikaLog
import FikaSync
import FikaTestSupport
import Testing

@Suite struct HandshakeTests {
    private struct Parts {
        var welcome: Welcome
        var hello: Hello
        var ready: Ready

        var welcomeBody: [UInt8] { Frame.welcome(welcome).body }
        var helloBody: [UInt8] { Frame.hello(hello).body }
    }

    private static func parts(seed: UInt64 = 1, user: String = "emma") throws -> Parts {
        var generator = SplitMix64(seed: seed)
        let relay = DeviceKey(using: &generator)
        let device = DeviceKey(using: &generator)
        let welcome = Welcome(
            role: .relay, key: relay.publicKey, epoch: Epoch(raw: generator.next()),
            time: 1_790_000_100_000, base: 1_789_000_000_000,
            nonce: generator.bytes(count: 16...16), credit: 1 << 20)
        let welcomeBody = Frame.welcome(welcome).body
        let blank = try #require(Signature(bytes: [UInt8](repeating: 0, count: 64)))
        let hello = Handshake.signed(
            Hello(
                key: device.publicKey, nonce: generator.bytes(count: 16...16),
                workspace: WorkspaceID(high: 1, low: 2), user: try #require(UserID(user)),
                credit: 1 << 20,
                summary: SyncSummary(sum: UInt128(generator.next()) << 64, count: 1000),
                completeUntil: 1_790_000_000_000, signature: blank),
            by: device, welcomeBody: welcomeBody)
        let text = Handshake.readyText(
            welcomeBody: welcomeBody, helloBody: Frame.hello(hello).body)
        let ready = Ready(outcome: .equal, signature: relay.sign(text))
        return Parts(welcome: welcome, hello: hello, ready: ready)
    }

    @Test func `H2: both ends prove their keys`() throws {
        let parts = try Self.parts()
        #expect(
            Handshake.isAuthentic(
                parts.hello, helloBody: parts.helloBody, welcomeBody: parts.welcomeBody))
        #expect(
            Handshake.isAuthentic(
                parts.ready, by: parts.welcome.key, welcomeBody: parts.welcomeBody,
                helloBody: parts.helloBody))
    }

    @Test func `H2: each changed byte of welcome or hello voids the signatures`() throws {
        let parts = try Self.parts()
        let unsignedCount = parts.helloBody.count - Signature.byteCount
        for index in stride(from: 0, to: parts.welcomeBody.count, by: 5) {
            var changed = parts.welcomeBody
            changed[index] ^= 1
            #expect(
                !Handshake.isAuthentic(
                    parts.hello, helloBody: parts.helloBody, welcomeBody: changed))
            #expect(
                !Handshake.isAuthentic(
                    parts.ready, by: parts.welcome.key, welcomeBody: changed,
                    helloBody: parts.helloBody))
        }
        for index in stride(from: 0, to: parts.helloBody.count, by: 7) {
            var changed = parts.helloBody
            changed[index] ^= 1
            if index < unsignedCount {
                #expect(
                    !Handshake.isAuthentic(
                        parts.hello, helloBody: changed, welcomeBody: parts.welcomeBody))
            }
            #expect(
                !Handshake.isAuthentic(
                    parts.ready, by: parts.welcome.key, welcomeBody: parts.welcomeBody,
                    helloBody: changed))
        }
    }

    @Test func `H2: a recorded hello or ready is none for another connection`() throws {
        let first = try Self.parts(seed: 1)
        let second = try Self.parts(seed: 2)
        #expect(
            !Handshake.isAuthentic(
                first.hello, helloBody: first.helloBody, welcomeBody: second.welcomeBody))
        #expect(
            !Handshake.isAuthentic(
                first.ready, by: second.welcome.key, welcomeBody: second.welcomeBody,
                helloBody: second.helloBody))
    }

    @Test(arguments: ["emma", String(repeating: "u", count: 64)])
    func `an idle reconnect with 1,000 rooms takes at most 256 bytes each way`(
        user: String
    ) throws {
        let parts = try Self.parts(user: user)
        let up = Frame.hello(parts.hello).encode().count
        let down = [Frame.welcome(parts.welcome), .ready(parts.ready), .synced(1_790_000_100_000)]
            .map { $0.encode().count }.reduce(0, +)
        #expect(up <= 256, "\(up) bytes up")
        #expect(down <= 256, "\(down) bytes down")
    }
}
