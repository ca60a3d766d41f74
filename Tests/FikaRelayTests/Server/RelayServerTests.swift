import FikaCRDT
import FikaLog
import FikaNet
import FikaRelay
import FikaSync
import FikaTestSupport
import Foundation
import Glibc
import Testing

/// A relay's life: start, drain, start again, and what keeps it from starting.
@Suite(.timeLimit(.minutes(2)), .serialized) struct RelayServerTests {
    private let folder: TemporaryFolder
    private let workspace = WorkspaceID(high: 0, low: 7)

    init() throws {
        folder = try TemporaryFolder()
    }

    private func configuration(_ name: String = "relay") -> RelayConfiguration {
        RelayConfiguration(dataFolder: folder.path(name), port: 0)
    }

    private func start(_ name: String = "relay") async throws -> RelayServer {
        try await RelayServer.start(configuration(name), logger: ServedRoom.silent)
    }

    /// Hands in a new room of so many ops, and returns the epoch.
    @discardableResult
    private func fill(
        _ server: RelayServer, seed: UInt64, upTo last: UInt64
    ) async throws -> Epoch {
        var founder = TestReplica.founder(seed: seed, workspace: workspace)
        founder.write(upTo: last)
        let client = try await RawClient(port: server.port)
        let welcome = try await client.welcome()
        await client.send(.hello(try client.hello("emma", in: workspace, seed: seed)))
        await client.upload(founder.segments)
        while let frame = try await client.next() {
            if case .placed(let placed) = frame, placed.log == founder.log { break }
        }
        await client.close()
        return welcome.epoch
    }

    /// The last positions of a user's logs, as a relay tells them to who has nothing.
    private func positions(_ server: RelayServer) async throws -> [String: UInt64] {
        let client = try await RawClient(port: server.port)
        try await client.join("emma", in: workspace)
        var positions: [String: UInt64] = [:]
        while let frame = try await client.next() {
            if case .status(let status) = frame { positions["\(status.log)"] = status.position }
            if case .synced = frame { break }
        }
        await client.close()
        return positions
    }

    private func epoch(_ server: RelayServer) async throws -> Epoch {
        let client = try await RawClient(port: server.port)
        let welcome = try await client.welcome()
        await client.close()
        return welcome.epoch
    }

    @Test func `a relay says where it listens and who it is`() async throws {
        let server = try await start()
        #expect(server.address == "127.0.0.1:\(server.port)")
        #expect(server.port > 0)
        #expect(server.monitorAddress == nil)
        #expect(!server.isRestored)
        let client = try await RawClient(port: server.port)
        let welcome = try await client.welcome()
        #expect("\(welcome.key)" == server.key)
        await client.close()
        await server.drain()
    }

    @Test func `L2: draining says goodbye to all, takes nobody new and frees the folder`()
        async throws
    {
        let server = try await start()
        let greeted = try await RawClient(port: server.port)
        _ = try await greeted.welcome()
        let admitted = try await RawClient(port: server.port)
        try await admitted.join("emma", in: workspace)
        await server.drain(retryAfterMilliseconds: 700)
        for client in [greeted, admitted] {
            var last: Frame?
            while let frame = try await client.next() { last = frame }
            #expect(last == .goodbye(retryAfter: 700))
        }
        let port = server.port
        await #expect(throws: (any Error).self) { try await RawClient(port: port) }
        await (try start()).drain()
    }

    @Test func `a relay that starts again keeps its key, its epoch and all positions`()
        async throws
    {
        let server = try await start()
        let epoch = try await fill(server, seed: 31, upTo: 40)
        try await fill(server, seed: 32, upTo: 7)
        let before = try await positions(server)
        #expect(before.values.sorted() == [7, 40])
        await server.drain()
        let again = try await start()
        #expect(again.key == server.key)
        #expect(!again.isRestored)
        #expect(try await self.epoch(again) == epoch)
        #expect(try await positions(again) == before)
        await again.drain()
    }

    @Test func `S5: a copy of the folder begins a new epoch, and the folder itself does not`()
        async throws
    {
        let server = try await start()
        let epoch = try await fill(server, seed: 31, upTo: 5)
        await server.drain()
        try FileManager.default.copyItem(
            atPath: folder.path("relay"), toPath: folder.path("copy"))
        let copy = try await start("copy")
        #expect(copy.isRestored)
        #expect(copy.key == server.key)
        let next = try await self.epoch(copy)
        #expect(next != epoch)
        #expect(try await positions(copy).values.sorted() == [5])
        await copy.drain()
        let same = try await start()
        #expect(!same.isRestored)
        #expect(try await self.epoch(same) == epoch)
        await same.drain()
        let settled = try await start("copy")
        #expect(!settled.isRestored)
        #expect(try await self.epoch(settled) == next)
        await settled.drain()
    }

    @Test func `a folder is served by one relay at a time`() async throws {
        let server = try await start()
        let second = configuration()
        await #expect(
            throws: RelayStartError.folderInUse(processID: getpid(), command: "fikad")
        ) {
            try await RelayServer.start(second, logger: ServedRoom.silent)
        }
        await server.drain()
    }

    @Test func `H3: beyond this machine a relay listens only when told to`() async throws {
        var configuration = configuration()
        configuration.host = "0.0.0.0"
        await #expect(throws: RelayStartError.notLoopback("0.0.0.0")) {
            try await RelayServer.start(configuration, logger: ServedRoom.silent)
        }
        // It let go of the folder.
        configuration.allowsUnauthenticatedNetwork = true
        let open = try await RelayServer.start(configuration, logger: ServedRoom.silent)
        #expect(try await RawClient(port: open.port).welcome().role == .relay)
        await open.drain()
    }

    @Test func `what keeps a relay from starting is said, and the folder is free again`()
        async throws
    {
        let first = try await start("first")
        var taken = configuration()
        taken.port = first.port
        await #expect { try await RelayServer.start(taken, logger: ServedRoom.silent) } throws: {
            guard case RelayStartError.cannotBind = $0 else { return false }
            return true
        }
        var monitored = configuration()
        monitored.monitor = ("0.0.0.0", 0)
        await #expect(throws: RelayStartError.notLoopback("0.0.0.0")) {
            try await RelayServer.start(monitored, logger: ServedRoom.silent)
        }
        var succeeding = configuration()
        succeeding.succeededKeys = ["kanelbulle"]
        await #expect(throws: RelayStartError.notAKey("kanelbulle")) {
            try await RelayServer.start(succeeding, logger: ServedRoom.silent)
        }
        try folder.write(Array("not a database at all, but long enough".utf8), to: "file")
        await #expect { try await start("file") } throws: {
            guard case RelayStartError.cannotOpen = $0 else { return false }
            return true
        }
        await first.drain()
        await (try start()).drain()
    }
}
