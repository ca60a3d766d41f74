import Fika
import FikaTestSupport
import Foundation
import Testing

/// A store with a room of many days, and what others must hold once they have it all.
struct LargeRoom {
    private let fika: Program
    private let workspace: String
    private let room: String
    /// Rows that are compared: of the 50 newest ops that come first not all are rows.
    static let pageRows = 40

    /// Bytes of its stored ops, and their number.
    let blockBytes: Int
    let opCount: Int

    /// Makes emma's store and imports the days.
    init(_ fika: Program, days: Int = .max) throws {
        self.fika = fika
        let made = try fika.run(["init", "--user", "emma", "--json"])
        let record = try JSONDecoder().decode([String: String].self, from: Data(made.output.utf8))
        workspace = try #require(record["workspace"])
        try fika.run(["room", "create", "ubuntu"])
        let files = try ChatDays.files(in: fika.folder).prefix(days)
        let imported = try fika.run(["import", "irc", "#ubuntu", "--channel", "#ubuntu"] + files)
        try #require(imported.status == 0, "\(imported.errors)")
        let logs = try fika.run(["log", "list", "--json"])
        let log = try #require(
            try JSONDecoder().decode([LogEntry].self, from: Data(logs.output.utf8))
                .first { $0.name == "ubuntu" })
        room = log.id.description
        blockBytes = log.blockBytes
        opCount = log.sealedCount + log.unsealedCount
    }

    /// Makes another, empty store of the same user.
    func join(_ store: String) throws {
        let made = try fika.run(
            ["init", "--user", "emma", "--workspace", workspace], store: store)
        #expect(made.status == 0, "\(made.errors)")
    }

    /// The ids and texts of the newest rows; none where the room is not known.
    func lastPage(in store: String) async throws -> [String] {
        try await watching(store) { try await $0() }
    }

    private func lastPage(of workspace: Workspace) async throws -> [String] {
        guard let id = RoomID(room) else { return [] }
        let page = try? await workspace.room(id).timeline(.newest, limit: Self.pageRows)
        return (page?.rows ?? []).map { "\($0.id) \($0.text ?? "")" }
    }

    /// Runs a body that may ask often for the last page of a store that another process fills.
    func watching<Value>(
        _ store: String, _ body: (() async throws -> [String]) async throws -> Value
    ) async throws -> Value {
        let url = URL(fileURLWithPath: fika.store(store))
        let workspace = try await Workspace.open(at: url, writes: false)
        let value = try await body { try await lastPage(of: workspace) }
        try await workspace.close()
        return value
    }

    /// How many ops of the room a store holds.
    func heldCount(in store: String) async throws -> Int {
        let logs = try fika.run(["log", "list", "--json"], store: store).output
        let log = try JSONDecoder().decode([LogEntry].self, from: Data(logs.utf8))
            .first { $0.id.description == room }
        return (log?.sealedCount ?? 0) + (log?.unsealedCount ?? 0)
    }

    /// Expects that a store verifies and shows what emma's does.
    func expectEqual(_ store: String) async throws {
        for name in ["emma", store] {
            let verified = try fika.run(["log", "verify"], store: name)
            #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        }
        let digests = try ["emma", store].map {
            try fika.run(["log", "digest", room], store: $0).answer
        }
        #expect(digests[0] == digests[1] && digests[0].count == 64)
        #expect(try await lastPage(in: store) == lastPage(in: "emma"))
    }
}
