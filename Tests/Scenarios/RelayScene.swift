import FikaSimulation
import Fika
import FikaRelay
import FikaStore
import FikaTestSupport
import Foundation
import Logging
import Testing

/// A relay on loopback and the workspaces of people who sync with it, all in this process.
final class RelayScene {
    let folder: TemporaryFolder
    private(set) var address: RelayAddress
    let emma: Workspace
    private var relay: RelayServer
    private var opened: [Workspace] = []

    init() async throws {
        folder = try TemporaryFolder()
        relay = try await Self.start(folder)
        address = .relay("127.0.0.1", port: relay.port)
        emma = try await Workspace.create(
            at: URL(fileURLWithPath: folder.path("emma")), user: "emma")
        opened = [emma]
    }

    private static func start(_ folder: TemporaryFolder) async throws -> RelayServer {
        try await RelayServer.start(
            RelayConfiguration(dataFolder: folder.path("relay"), port: 0),
            logger: Logger(label: "relay") { _ in SwiftLogNoOpLogHandler() })
    }

    /// A device of somebody, in a folder of its own.
    func device(of user: String, in name: String? = nil) async throws -> Workspace {
        let workspace = try await Workspace.create(
            at: URL(fileURLWithPath: folder.path(name ?? user)), user: user, workspace: emma.id)
        opened.append(workspace)
        return workspace
    }

    /// The same device once more, after it was closed; its clock may be ahead.
    func reopen(_ name: String, clockAhead: UInt64 = 0) async throws -> Workspace {
        let system = StoreEnvironment.system
        let workspace = try await Workspace.open(
            at: URL(fileURLWithPath: folder.path(name)), writes: true, command: "test",
            timing: .system,
            environment: StoreEnvironment(
                now: { system.now() + clockAhead }, random: system.random))
        opened.append(workspace)
        return workspace
    }

    /// Each in turn gets what is new and sends what is queued.
    func sync(
        _ workspaces: Workspace..., sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        for workspace in workspaces {
            let outcome = await workspace.sync(with: address)
            #expect(outcome == .complete, "\(workspace.user)", sourceLocation: sourceLocation)
        }
    }

    /// The texts of a room as one device shows them; nil for a stub.
    func texts(_ room: Room, on workspace: Workspace) async throws -> [String?] {
        try await workspace.room(room.id).timeline().rows.compactMap { row -> String?? in
            switch row.content {
            case .text(let text, _, _): .some(text)
            case .deleted: .some(nil)
            case .event, .poll, .imported: nil
            }
        }
    }

    /// Ends everything; what is on disk stays.
    func close() async throws {
        for workspace in opened { try await workspace.close() }
        opened = []
        await relay.drain()
    }

    /// Closes one device.
    func close(_ workspace: Workspace) async throws {
        opened.removeAll { $0 === workspace }
        try await workspace.close()
    }

    /// Ten minutes from now.
    var soon: Date {
        Date(timeIntervalSince1970: Double(StoreEnvironment.system.now()) / 1000 + 600)
    }

    /// The bytes of a closed device's files, by name.
    func contents(of name: String) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path(name)) {
            contents[file] = FileManager.default.contents(atPath: folder.path(name + "/" + file))
        }
        return contents
    }

    /// Puts bytes back in place, as a machine that is set back does: nothing tells the store.
    func put(_ contents: [String: Data], into name: String) throws {
        for (file, bytes) in contents.sorted(by: { $0.key < $1.key }) {
            let handle = try FileHandle(
                forWritingTo: URL(fileURLWithPath: folder.path(name + "/" + file)))
            try handle.truncate(atOffset: 0)
            try handle.write(contentsOf: bytes)
            try handle.close()
        }
    }

    /// The files in a folder in which a text stands.
    func files(in name: String, with text: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path(name)).sorted()
            .filter { file in
                let data = FileManager.default.contents(atPath: folder.path(name + "/" + file))
                return data?.range(of: Data(text.utf8)) != nil
            }
    }
}
