import FikaCRDT
import FikaLog
import FikaStore
import Synchronization

/// What an app embeds: one user's rooms, messages and searches, whether there is a network or not.
///
/// A write returns when it is on disk. One process holds a store for writing; another one that
/// opens it reads by itself and has its writing carried out by the first.
///
/// ```swift
/// let fika = try await Workspace.create(at: url, user: "emma")
/// let room = try await fika.createRoom("Fredagsfika", members: ["omid"])
/// let sent = try await room.send("Kanelbullar eller semlor?")
/// ```
public final class Workspace: Sendable {
    let store: Store
    /// How this process may write.
    public let access: Access
    let changes: ChangeHub
    let timing: Timing
    let links = Links()
    let presence: Presence
    private let socket = Mutex<CommandSocket?>(nil)

    /// How a process may write.
    public enum Access: Hashable, Sendable {
        /// It holds the store and carries out others' commands.
        case holder
        /// It reads by itself and hands its commands to the process that holds the store.
        case guest
        /// It only reads.
        case reader
    }

    init(store: Store, access: Access, timing: Timing = .system) {
        self.store = store
        self.access = access
        self.timing = timing
        presence = Presence(timing: timing)
        changes = ChangeHub(store, timing: timing)
    }

    /// The folder that the store is in.
    public var folder: String { store.folder }

    /// The workspace's id: 32 hexadecimal digits.
    public var id: String { store.profile.workspace.description }

    /// Whose store it is.
    public var user: String { store.profile.user.text }

    /// The name of this device, which others see.
    public var deviceName: String { store.profile.deviceName }

    /// The log of this user alone.
    var personalLog: LogID { store.profile.personalLogID }

    /// Begins to carry out other processes' commands.
    func listen() throws(FikaError) {
        do throws(CommandSocketError) {
            // The socket must not keep alive what keeps the socket.
            let socket = try CommandSocket(folder: folder) { [weak self] request in
                CommandEnvelope.answer(request, by: self)
            }
            self.socket.withLock { $0 = socket }
        } catch {
            throw FikaError(error)
        }
    }

    /// Ends the work with the store; commands of others that are under way are finished first.
    public func close() async throws(FikaError) {
        let socket = socket.withLock { socket in
            defer { socket = nil }
            return socket
        }
        await links.close()
        changes.finish()
        presence.finish()
        try await Offload.run { [store] in
            socket?.stop()
            try store.close()
        }
    }

    /// Runs reading work.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (WorkspaceReader) throws -> Value
    ) async throws(FikaError) -> Value {
        try await Offload.run { [store] in try store.reading(body) }
    }

    /// Reads at once and after each change of some logs, or of any, and gives what is different.
    ///
    /// What cannot be read (a row that is not here yet) is left out until it can.
    func observe<Value: Sendable & Equatable>(
        _ logs: [LogID]? = nil,
        _ body: @escaping @Sendable (WorkspaceReader) throws -> Value
    ) -> Observed<Value> {
        changes.observe(logs).compactMap { [self] in try? await read(body) }.withoutRepetitions
    }
}

extension Store {
    /// Reads on one connection, in the words of this API.
    func reading<Value>(_ body: (WorkspaceReader) throws -> Value) throws -> Value {
        try read { db in
            try body(
                WorkspaceReader(
                    profile: profile, queries: ViewQueries(db),
                    inspector: LogInspector(db), access: AccessInspector(db),
                    finding: ReplicaFinding(db), outboxQuery: OutboxQuery(db),
                    settings: Settings(db), sync: SyncQueries(db)))
        }
    }
}
