import FikaSimulation
import FikaCRDT
import FikaLog
import FikaNet
import FikaRelay
import FikaSync
import FikaTestSupport
import GRDB
import Logging
import Testing

/// A relay over real sockets, and two people who talk there while others misbehave.
struct ServedRoom {
    let folder: TemporaryFolder
    let server: RelayServer
    let workspace = WorkspaceID(high: 0, low: 7)
    let room: LogID
    private let emma: SharedHolder
    private let omid: SharedHolder
    private let emmasLink: LinkDriver<ClientSession, SharedHolder>
    private let omidsLink: LinkDriver<ClientSession, SharedHolder>
    /// Rises whenever something is stored at Omid's.
    private let stored = LatestValue(0)

    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    init(connectionsMaximum: Int = 100, uplinkCredit: UInt64 = 4 << 20) async throws {
        folder = try TemporaryFolder()
        var configuration = RelayConfiguration(dataFolder: folder.path("relay"), port: 0)
        configuration.connectionsMaximum = connectionsMaximum
        configuration.uplinkCredit = uplinkCredit
        server = try await RelayServer.start(configuration, logger: Self.silent)
        let omidsID = try #require(UserID("omid"))
        var founder = MemoryHolder(
            user: try #require(UserID("emma")), seed: 1, workspace: workspace)
        room = founder.makeRoom("Fredagsfika")
        founder.grant(omidsID, in: room)
        emma = SharedHolder(founder)
        omid = SharedHolder(MemoryHolder(user: omidsID, seed: 2, workspace: workspace))
        let stored = stored
        emmasLink = Self.link(emma, to: server)
        omidsLink = Self.link(omid, to: server) { stored.set(stored.value + 1) }
        for link in [emmasLink, omidsLink] {
            link.start()
            let state = await link.settled()
            #expect(state == .upToDate)
        }
        await talk()
    }

    private static func link(
        _ holder: SharedHolder, to server: RelayServer,
        stored: @escaping @Sendable () -> Void = {}
    ) -> LinkDriver<ClientSession, SharedHolder> {
        let identity = holder.use {
            SessionIdentity(key: $0.key, workspace: $0.workspace, user: $0.user)
        }
        return LinkDriver(
            to: LinkAddress(host: "127.0.0.1", port: server.port), holder: holder
        ) { nonce in
            ClientSession(identity: identity, nonce: nonce)
        } report: { _ in
            stored()
        }
    }

    /// Emma says something, and it is with Omid when this returns.
    func talk() async {
        let room = room
        let id = emma.use { $0.say("Semlor!", in: room).id }
        emmasLink.notifyLocalChanges()
        for await _ in stored.values where omid.ids(of: room).contains(id) { break }
        #expect(await emmasLink.settled() == .upToDate)
    }

    /// Runs an attack; nothing stored changes by it, and the two go on as if nothing was.
    func withstand(_ attack: (ServedRoom) async throws -> Void) async throws {
        let before = try tables()
        let sessions = figure("turns_failed_total")
        try await attack(self)
        #expect(try tables() == before)
        #expect(figure("turns_failed_total") == sessions)
        await talk()
        #expect(emmasLink.state.value == .upToDate)
        #expect(omidsLink.state.value == .upToDate)
    }

    /// Somebody new connects.
    func connect() async throws -> RawClient {
        try await RawClient(port: server.port)
    }

    /// A figure of the relay, by its name without the prefix.
    func figure(_ name: String) -> Int? {
        server.metrics.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ")
            return parts.first == "fika_relay_\(name)" ? parts.last.flatMap { Int($0) } : nil
        }.first
    }

    /// All that is stored, but for the marker, which moves with time.
    func tables() throws -> [String] {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(
            path: folder.path("relay/relay.sqlite"), configuration: configuration)
        return try queue.read { db in
            let names = try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            return try names.flatMap { name in
                try Row.fetchAll(db, sql: "SELECT * FROM \(name)").filter {
                    name != "meta" || $0["key"] != "marker"
                }.map { "\(name) \($0.map { "\($0) \(Self.text($1))" })" }
            }
        }
    }

    private static func text(_ value: DatabaseValue) -> String {
        switch value.storage {
        case .blob(let data): Hexadecimal.text(data)
        case .null, .int64, .double, .string: "\(value)"
        }
    }

    /// Ends the links and the relay.
    func close() async {
        await emmasLink.close()
        await omidsLink.close()
        await server.drain()
    }
}
