import Fika
import FikaChat
package import FikaCRDT
package import FikaLog
package import FikaStore

package import FikaSync

/// A client's real store, on a disk that can fail.
package final class DiskStore {
    package let key: DeviceKey
    let files: SimulatedDisk
    let user: UserID
    let workspace: WorkspaceID
    let environment: DiskEnvironment
    private let crash: CrashPoint
    /// Nil while the process is gone.
    private var open: Store?
    /// What may take the folder's place.
    var copied: [String: [UInt8]]?

    /// Makes an empty store in a disk's folder; the process may also stop at `crash`.
    package init(
        disk: SimulatedDisk, profile: StoreProfile, key: DeviceKey, environment: DiskEnvironment,
        crash: CrashPoint
    ) throws {
        files = disk
        self.key = key
        self.environment = environment
        self.crash = crash
        user = profile.user
        workspace = profile.workspace
        open = try Store.create(
            folder: disk.folder, profile: profile,
            identity: IdentityFile(device: key, workspace: nil), command: "world",
            environment: environment.environment)
    }

    /// Goes on with the store that lies in a disk's folder.
    init(
        opening disk: SimulatedDisk, of other: DiskStore, environment: DiskEnvironment,
        crash: CrashPoint
    ) throws {
        files = disk
        key = other.key
        self.environment = environment
        self.crash = crash
        user = other.user
        workspace = other.workspace
        open = try Store.open(
            folder: disk.folder, mode: .writing(command: "world"),
            environment: environment.environment)
    }

    deinit {
        stop()
    }

    /// Does something with the store, up to where the process stops.
    package func use<Value>(_ body: (Store) throws -> Value) throws -> Value {
        guard let open else { throw WorldCrash() }
        do {
            let value = try body(open)
            if files.isStopped { throw WorldCrash() }
            return value
        } catch {
            throw files.isStopped ? WorldCrash() : error
        }
    }

    /// The same for what writes.
    func commit<Value>(_ body: (Store) throws -> Value) throws -> Value {
        try crash.pass()
        let value = try use(body)
        try crash.pass()
        return value
    }

    private func holder<Value>(_ body: (inout StoreHolder) throws -> Value) throws -> Value {
        try use { store in
            var holder = StoreHolder(store)
            return try body(&holder)
        }
    }

    package func stop() {
        // A process that is gone does not tidy up.
        files.stop()
        try? open?.close()
        open = nil
    }

    package var disk: SimulatedDisk? { files }

    package func restart() throws {
        guard open == nil else { preconditionFailure("a store is opened once at a time") }
        crash.restart()
        try files.restart()
        do {
            open = try Store.open(
                folder: files.folder, mode: .writing(command: "world"),
                environment: environment.environment)
        } catch {
            throw files.isStopped ? WorldCrash() : error
        }
    }
}

extension DiskStore: SyncHolder {
    package func greeting(
        relay: PublicKey, epoch: Epoch
    ) throws -> (summary: SyncSummary?, completeUntil: UInt64) {
        try holder { try $0.greeting(relay: relay, epoch: epoch) }
    }

    package func meet(relay: PublicKey, epoch: Epoch, time: UInt64) throws {
        try crash.pass()
        try holder { try $0.meet(relay: relay, epoch: epoch, time: time) }
        try crash.pass()
    }

    package func cursors() throws -> [LogCursor] { try holder { try $0.cursors() } }

    package func position(of log: LogID) throws -> UInt64 {
        try holder { try $0.position(of: log) }
    }

    package func chain(of replica: ReplicaID, in log: LogID, at seq: UInt64) throws -> Digest? {
        try holder { try $0.chain(of: replica, in: log, at: seq) }
    }

    package func store(_ arrivals: [Arrival]) throws {
        try crash.pass()
        try holder { try $0.store(arrivals) }
        try crash.pass()
    }

    package func pending() throws -> [PendingRange] {
        try crash.pass()
        let ranges = try holder { try $0.pending() }
        try crash.pass()
        return ranges
    }

    package func haves(of log: LogID) throws -> Haves { try holder { try $0.haves(of: log) } }

    package func placements(
        in log: LogID, positions: ClosedRange<UInt64>
    ) throws -> [Placement] {
        try holder { try $0.placements(in: log, positions: positions) }
    }

    package func segments(
        of log: LogID, ranges: [ReplicaRange], withCards: Bool
    ) throws -> [SealedSegment] {
        try holder { try $0.segments(of: log, ranges: ranges, withCards: withCards) }
    }

    package func logs(readableBy user: UserID) throws -> [LogID] {
        try holder { try $0.logs(readableBy: user) }
    }
}
