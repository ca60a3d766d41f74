import FikaCRDT
import FikaLog
import FikaRelay
import FikaSimulation
import FikaTestSupport
import Testing

/// Failure by counting: a relay's log and each operation of its disk.
struct RelayLogFailureTests {
    @Test(arguments: DiskFault.allCases)
    func `whichever operation of a relay's disk fails, nothing that was committed is lost`(
        fault: DiskFault
    ) throws {
        try Counting.failEach(fault) { try Life($0, $1, seed: $2) }
    }
}

/// A piece of a relay's life: ops and their places, a transaction at a time.
private final class Life: CountedLife {
    let disk: SimulatedDisk
    private let folder: WorldFolder
    private var log: WorldRelayLog
    private var replica: TestReplica
    private let id = logNumbered(1)
    private var committed: UInt64 = 0
    private var tried: UInt64 = 0

    init(_ folder: WorldFolder, _ name: String, seed: UInt64) throws {
        self.folder = folder
        disk = try SimulatedDisk(folder: try folder.makeFolder(name), seed: seed)
        log = WorldRelayLog(
            crash: CrashPoint(), ledger: WorldLedger(),
            place: RelayDisk(
                disk: disk, environment: DiskEnvironment(seed: 3, now: WorldClock.beginning)))
        _ = try log.restart()
        replica = TestReplica(seed: 5, log: id)
        replica.write(upTo: 40)
    }

    /// Does all of it; returns how many operations of the disk that took.
    func live() throws -> Int {
        let before = disk.operationCount
        try log.transaction { try $0.begin(Epoch(raw: 4)) }
        for last in stride(from: UInt64(4), through: 40, by: 4) { try accept(upTo: last) }
        return disk.operationCount - before
    }

    private func accept(upTo last: UInt64) throws {
        let first = committed + 1
        tried = last
        let running = Hashes.digest([UInt8(last)])
        try log.transaction { log in
            _ = try log.append(replica.segment(first...last).verified())
            try log.setOrder(
                LogOrder(
                    log: id, number: first == 1 ? 0 : 1,
                    workspace: WorkspaceID(high: 0, low: 9), position: last, running: running,
                    access: running))
            try log.place(
                Placement(
                    replica: replica.id, seq: first, count: last - first + 1, position: first,
                    acceptedAt: 1),
                running: running, in: id)
        }
        committed = last
    }

    func restart(losing loss: PowerLoss?) throws {
        disk.stop(losing: loss)
        log.stop()
        _ = try log.restart()
    }

    /// Expects all that was committed, and of what was not all or nothing.
    func expectKept(_ comment: String) throws {
        let position = try log.order(of: id)?.position ?? 0
        #expect(position == committed || position == tried, "\(comment)")
        guard position > 0 else { return }
        let ops = try log.ops(of: replica.id, in: id, seqs: 1...40)
        #expect(ops.map(\.id.dot.seq) == (1...position).map { $0 }, "\(comment)")
        let placed = try log.placements(in: id, positions: 1...40, limit: 100)
        #expect(placed.map(\.placement.count).reduce(0, +) == position, "\(comment)")
        #expect(try log.epoch() == Epoch(raw: 4), "\(comment)")
    }
}
