import FikaSimulation
import FikaCRDT
import FikaNet
import FikaRelay
import FikaSync
import FikaTestSupport
import NIOCore
import NIOPosix
import Testing

/// What a relay tells those who watch it.
@Suite(.timeLimit(.minutes(5)), .serialized) struct MonitorTests {
    private let folder: TemporaryFolder
    private let workspace = WorkspaceID(high: 0, low: 7)

    init() throws {
        folder = try TemporaryFolder()
    }

    private func start() async throws -> (server: RelayServer, port: Int) {
        var configuration = RelayConfiguration(dataFolder: folder.path("relay"), port: 0)
        configuration.monitor = ("127.0.0.1", 0)
        let server = try await RelayServer.start(configuration, logger: ServedRoom.silent)
        let address = try #require(server.monitorAddress)
        return (server, try #require(address.split(separator: ":").last.flatMap { Int($0) }))
    }

    /// Sends bytes, and reads until the other end closes.
    private func ask(_ port: Int, _ request: String) async throws -> String {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel)
                }
            }
            .executeThenClose { inbound, outbound in
                try await outbound.write(ByteBuffer(string: request))
                var answer = ByteBuffer()
                for try await part in inbound { answer.writeImmutableBuffer(part) }
                return String(buffer: answer)
            }
    }

    private func get(_ port: Int, _ path: String) async throws -> String {
        try await ask(port, "GET \(path) HTTP/1.1\r\nhost: fikad\r\n\r\n")
    }

    @Test func `healthz says ok, and other paths and methods are refused`() async throws {
        let (server, port) = try await start()
        let health = try await get(port, "/healthz")
        #expect(health.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(health.hasSuffix("\r\n\r\nok\n"))
        #expect(try await get(port, "/").hasPrefix("HTTP/1.1 404 "))
        let head = try await ask(port, "HEAD /healthz HTTP/1.1\r\nhost: fikad\r\n\r\n")
        #expect(head.contains("content-length: 3\r\n") && head.hasSuffix("\r\n\r\n"))
        let post = try await ask(
            port, "POST /metrics HTTP/1.1\r\nhost: fikad\r\ncontent-length: 0\r\n\r\n")
        #expect(post.hasPrefix("HTTP/1.1 405 "))
        #expect(try await ask(port, "kanelbulle\r\n\r\n").hasPrefix("HTTP/1.1 400 "))
        #expect(try await get(port, "/healthz").hasSuffix("ok\n"))
        await server.drain()
        await #expect(throws: (any Error).self) { try await get(port, "/healthz") }
    }

    @Test func `each metric has its help, its type and a number`() async throws {
        let (server, port) = try await start()
        let stranger = try await RawClient(port: server.port)
        _ = try await stranger.welcome()
        await stranger.send(.ping(1))
        #expect(try await stranger.lastWord() == .unexpected)
        let founder = TestReplica.founder(workspace: workspace)
        let emma = try await RawClient(port: server.port)
        try await emma.join("emma", in: workspace)
        await emma.upload(founder.segments)
        while let frame = try await emma.next() { if case .placed = frame { break } }
        let text = try await get(port, "/metrics")
        let lines = text.split(separator: "\r\n\r\n").last?.split(separator: "\n") ?? []
        let types = lines.compactMap { $0.wholeMatch(of: /# TYPE (\S+) (\S+)/) }
        #expect(
            types.map { "\($0.1) \($0.2)" } == [
                "fika_relay_connections gauge", "fika_relay_connections_total counter",
                "fika_relay_sessions_total counter", "fika_relay_ops_accepted_total counter",
                "fika_relay_deliveries_total counter",
                "fika_relay_falls_behind_total counter",
                "fika_relay_received_bytes_total counter",
                "fika_relay_sent_bytes_total counter", "fika_relay_commits_total counter",
                "fika_relay_turns_total counter", "fika_relay_turns_failed_total counter",
                "fika_relay_ops_refused_total counter", "fika_relay_failures_total counter",
            ])
        for type in types {
            #expect(lines.contains { $0.hasPrefix("# HELP \(type.1) ") }, "\(type.1)")
        }
        for line in lines where !line.hasPrefix("#") {
            #expect(line.wholeMatch(of: /fika_relay_[a-z_]+(\{[a-z]+="\d+"\})? \d+/) != nil)
        }
        #expect(lines.contains("fika_relay_connections_total 2"))
        #expect(lines.contains("fika_relay_sessions_total 1"))
        #expect(lines.contains("fika_relay_ops_accepted_total 2"))
        #expect(lines.contains("fika_relay_commits_total 1"))
        #expect(lines.contains("fika_relay_turns_failed_total 0"))
        #expect(lines.contains("fika_relay_failures_total{code=\"5\"} 1"))
        await emma.close()
        await server.drain()
    }
}
