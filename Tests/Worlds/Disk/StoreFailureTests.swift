import FikaChat
import FikaCRDT
import FikaLog
import FikaSimulation
import FikaStore
import FikaSync
import FikaTestSupport
import Testing

/// Failure by counting: a client's store and each operation of its disk.
///
/// `FIKA_COUNTING` says how many operations lie between two that fail, 29 without it.
struct StoreFailureTests {
    @Test(arguments: DiskFault.allCases)
    func `ST4: whichever operation of a store's disk fails, nothing that returned is lost`(
        fault: DiskFault
    ) throws {
        try Counting.failEach(fault) { try Life($0, $1, seed: $2) }
    }

    @Test func `a disk that stays full stops writing, and nothing that returned is lost`() throws {
        let folder = try WorldFolder()
        for room in stride(from: 0, to: 400_000, by: 3000 * Counting.stride) {
            let life = try Life(folder, "\(room)", seed: 1)
            life.disk.setRoom(room)
            _ = try? life.live()
            life.disk.setRoom(nil)
            try life.expectKept("\(room) bytes of room")
            try life.restart(losing: .forgets)
            try life.expectKept("\(room) bytes of room, and no power")
        }
    }

    @Test func `ST4: a write behind a sync that failed survives a loss of power`() throws {
        let life = try Life(try WorldFolder(), "store", seed: 1)
        try life.begin()
        // Not synced: others hold it too.
        try life.hear(3...9)
        life.disk.arm(.failedSync, after: 0)
        #expect(throws: (any Error).self) { try life.say("lost") }
        try life.say("kept")
        try life.restart(losing: .forgets)
        try life.expectKept("after the loss")
    }
}

/// A piece of a store's life, and what of it returned.
private final class Life: CountedLife {
    let disk: SimulatedDisk
    private let folder: WorldFolder
    private let store: DiskStore
    private var omid: MemoryHolder
    private var returned: [OpID: [UInt8]] = [:]
    private var room = LogID(high: 0, low: 0)
    private let relay = TestStore.key(900).publicKey

    init(_ folder: WorldFolder, _ name: String, seed: UInt64) throws {
        self.folder = folder
        disk = try SimulatedDisk(folder: try folder.makeFolder(name), seed: seed)
        let key = TestStore.key(1)
        store = try DiskStore(
            disk: disk,
            profile: StoreProfile(
                workspace: TestStore.workspace, user: try TestStore.user("emma"),
                deviceName: "phone", publicKey: key.publicKey),
            key: key, environment: DiskEnvironment(seed: 3, now: WorldClock.beginning),
            crash: CrashPoint())
        omid = MemoryHolder(
            user: try TestStore.user("omid"), seed: 2, workspace: TestStore.workspace)
        room = omid.makeRoom("Fika")
        omid.grant(try TestStore.user("emma"), role: .moderator, in: room)
        for number in 4...40 { omid.say("message \(number)", in: room) }
        _ = try omid.pending()
    }

    /// Does all of it; returns how many operations of the disk that took.
    func live() throws -> Int {
        let before = disk.operationCount
        try begin()
        let own = try store.makeRoom("Kafferummet")
        for number in 0..<4 { try say("line \(number)") }
        try hear(3...9)
        try write(.reaction(Reaction("👍", isOn: true), to: id(4).dot))
        try say("between")
        _ = try store.pending()
        try hear(10...20)
        try write(.delete(id(12).dot))
        try write(.message(MessageBody(text: "own"), reply: nil), in: own.log)
        _ = try store.pending()
        try hear(21...40)
        return disk.operationCount - before
    }

    private func id(_ seq: UInt64) -> OpID { omid.ops(of: room)[Int(seq) - 1].id }

    func begin() throws {
        try store.meet(relay: relay, epoch: Epoch(raw: 7), time: WorldClock.beginning)
        try hear(1...3)
    }

    /// Takes what Omid wrote, with its positions.
    func hear(_ seqs: ClosedRange<UInt64>) throws {
        let replica = id(1).dot.replica
        let range = ReplicaRange(replica: replica, seqs: seqs)
        let segments = try omid.segments(of: room, ranges: [range], withCards: true)
        let placement = Placement(
            replica: replica, seq: seqs.lowerBound, count: UInt64(seqs.count),
            position: seqs.lowerBound, acceptedAt: WorldClock.beginning)
        try store.store(segments.map { .ops($0, [placement]) })
    }

    func say(_ text: String) throws {
        try write(.message(MessageBody(text: text), reply: nil))
    }

    private func write(_ says: ChatOp, in log: LogID? = nil) throws {
        guard let kind = says.known else { return }
        let id = try store.write(
            kind, target: says.target, body: says.body, in: log ?? room, preimage: nil)
        if let id { returned[id] = says.body }
    }

    func restart(losing loss: PowerLoss?) throws {
        disk.stop(losing: loss)
        store.stop()
        try store.restart()
    }

    /// Expects all that returned, and views that follow from the log.
    func expectKept(_ comment: String) throws {
        for (id, body) in returned {
            let op = try store.ops(of: id.log).first { $0.op.id == id }
            #expect(op?.op.body == body, "\(comment): \(id)")
        }
        #expect(try store.audit() == [], "\(comment)")
    }
}
