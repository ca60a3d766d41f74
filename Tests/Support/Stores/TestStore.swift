import FikaSimulation
package import FikaChat
package import FikaCRDT
package import FikaLog
package import FikaStore
package import Foundation
import Synchronization

/// A real store in a folder of its own, with a seeded key and a clock moved by hand.
package final class TestStore {
    package let folder: TemporaryFolder
    package let clock: TestClock
    package private(set) var store: Store
    private let environment: StoreEnvironment

    /// The workspace that all test stores share.
    package static let workspace = Hashes.workspaceID(publicKey: key(0).publicKey)

    package init(user: String, seed: UInt64, clock: TestClock = TestClock()) throws {
        folder = try TemporaryFolder()
        self.clock = clock
        environment = Self.environment(seed: seed, clock: clock)
        let key = Self.key(seed)
        store = try Store.create(
            folder: folder.path("store"),
            profile: StoreProfile(
                workspace: Self.workspace, user: try Self.user(user), deviceName: "\(user)'s",
                publicKey: key.publicKey),
            identity: IdentityFile(device: key, workspace: nil), command: "test",
            environment: environment)
    }

    /// Opens a copy of another store's folder, or one that was changed from outside.
    package init(
        opening folder: TemporaryFolder, seed: UInt64, clock: TestClock = TestClock()
    ) throws {
        self.folder = folder
        self.clock = clock
        environment = Self.environment(seed: seed, clock: clock)
        store = try Store.open(
            folder: folder.path("store"), mode: .writing(command: "test"),
            environment: environment)
    }

    /// A user's id; an error for a text that is none.
    package static func user(_ text: String) throws -> UserID {
        guard let user = UserID(text) else { throw StoreError.damaged("\(text) is no user") }
        return user
    }

    package static func key(_ seed: UInt64) -> DeviceKey {
        var generator = SplitMix64(seed: seed &+ 0x5EED)
        return DeviceKey(using: &generator)
    }

    private static func environment(seed: UInt64, clock: TestClock) -> StoreEnvironment {
        let generator = Mutex(SplitMix64(seed: seed))
        return StoreEnvironment(
            now: { clock.now }, random: { generator.withLock { $0.next() } })
    }

    /// Makes a room whose only member is this store's user.
    package func makeRoom(_ name: String, kind: RoomKind = .room) throws -> LogID {
        var nonce: [UInt8] = []
        var generator = environment.generator
        for _ in 0..<16 { nonce.append(UInt8(truncatingIfNeeded: generator.next())) }
        let log = Hashes.roomLogID(creator: store.profile.publicKey, nonce: nonce)
        let creation = Creation(
            kind: kind, workspace: store.profile.workspace, nonce: nonce, name: name, about: "")
        try write([OpDraft(.create, body: creation.body)], to: log)
        return log
    }

    /// Writes drafts, a second after what was written before.
    @discardableResult
    package func write(_ drafts: [OpDraft], to log: LogID) throws -> [OpID?] {
        clock.advance(byMilliseconds: 1000)
        return try store.write { writer, db in try writer.write(drafts, to: log, db) }
    }

    /// Says something.
    @discardableResult
    package func say(_ text: String, in log: LogID, replyTo: Dot? = nil) throws -> OpID {
        let body = MessageBody(text: text).body
        let ids = try write([OpDraft(.message, target: replyTo, body: body)], to: log)
        guard let id = ids.first ?? nil else { throw StoreError.damaged("nothing was written") }
        return id
    }

    package func grant(_ user: String, role: Role = .member, in log: LogID) throws {
        try write(
            [OpDraft(.grant, body: Grant(user: try Self.user(user), role: role).body)], to: log)
    }

    /// All segments of logs, as they are handed over.
    package func exported(_ logs: [LogID]) throws -> [[UInt8]] {
        var segments: [[UInt8]] = []
        try store.exportSegments(of: logs) { segments.append($0.bytes) }
        return segments
    }

    /// Takes in what another store handed over.
    @discardableResult
    package func take(_ segments: [[UInt8]]) throws -> ExchangeReport {
        var rest = segments[...]
        return try store.importSegments(
            { try rest.popFirst().map { try SealedSegment(bytes: $0) } }, progress: { _ in })
    }

    /// Gives both stores all that the other has of a log.
    package func exchange(with other: TestStore, _ log: LogID) throws {
        try other.take(exported([log]))
        try take(other.exported([log]))
    }

    /// Closes the store and opens it again.
    package func reopen() throws {
        try store.close()
        store = try Store.open(
            folder: folder.path("store"), mode: .writing(command: "test"),
            environment: environment)
    }
}

extension TestStore {
    /// A copy of the folder as it is now, opened as a store of its own.
    package func copied(seed: UInt64) throws -> TestStore {
        try store.checkpointTruncating()
        let copy = try TemporaryFolder()
        try FileManager.default.copyItem(
            atPath: folder.path("store"), toPath: copy.path("store"))
        for name in ["fika.sqlite-wal", "fika.sqlite-shm", "lock"] {
            try? FileManager.default.removeItem(atPath: copy.path("store/" + name))
        }
        return try TestStore(opening: copy, seed: seed, clock: clock)
    }

    /// The bytes of all files of the closed store, by name.
    package func snapshot() throws -> [String: Data] {
        try store.close()
        defer { try? reopen() }
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path("store"))
        where name != "lock" && name != "socket" {
            files[name] = FileManager.default.contents(atPath: folder.path("store/" + name))
        }
        return files
    }

    /// Puts files back in place, as a machine that is set back does: nothing tells the store.
    package func rewind(to files: [String: Data]) throws {
        try store.close()
        for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
            let url = URL(fileURLWithPath: folder.path("store/" + name))
            let handle = try FileHandle(forWritingTo: url)
            try handle.truncate(atOffset: 0)
            try handle.write(contentsOf: bytes)
            try handle.close()
        }
        try reopen()
    }
}
