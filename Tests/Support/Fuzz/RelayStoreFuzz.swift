import FikaCRDT
import FikaLog
import FikaNet
import FikaRelay
import FikaSimulation
import FikaStore
import Foundation

/// A relay's folder with damages: bit 0 of the first byte says whether it is repaired before it is
/// served (rule RS9).
struct RelayStoreFuzz {
    private let files: DamagedFiles
    private let ops: Set<Op>
    private let environment: StoreEnvironment

    /// Two replicas of ten ops each, by turns.
    init(in folder: TemporaryFolder) throws {
        environment = StoreEnvironment(now: { 1_767_603_600_000 }, random: { 0x5EED })
        let made = folder.path("relay-made")
        var log = try SQLiteRelayLog(folder: made, command: "fuzz", environment: environment)
        let id = logNumbered(1)
        var replicas = [TestReplica(seed: 5, log: id), TestReplica(seed: 6, log: id)]
        for index in replicas.indices { replicas[index].write(upTo: 10) }
        ops = Set(replicas.flatMap(\.ops))
        try log.transaction { log in
            try log.begin(Epoch(raw: 4))
            try Self.accept(replicas, in: id, &log)
        }
        try log.close()
        files = try DamagedFiles(
            ["relay.sqlite", "marker", "identity"], of: made, as: "relay", in: folder)
    }

    private static func accept(
        _ replicas: [TestReplica], in id: LogID, _ log: inout SQLiteRelayLog
    ) throws {
        let start = RunningHash.start(log: id)
        var (running, position) = (start, UInt64(0))
        for replica in replicas { _ = try log.append(replica.segment(1...10).verified()) }
        for seq in 1...UInt64(10) {
            for replica in replicas {
                position += 1
                running = RunningHash.next(
                    after: running, opHash: replica.ops[Int(seq) - 1].hash)
                let placement = Placement(
                    replica: replica.id, seq: seq, count: 1, position: position,
                    acceptedAt: 1000 + position)
                try log.place(placement, running: running, in: id)
            }
        }
        try log.setOrder(
            LogOrder(
                log: id, workspace: WorkspaceID(high: 0, low: 1), position: position,
                running: running, access: start))
    }

    var byteCount: Int { files.byteCount }

    /// What follows the first byte of an input.
    func damages() -> [[UInt8]] { files.damages() }

    func run(_ bytes: [UInt8]) throws {
        try files.write(bytes.dropFirst())
        guard bytes.first.map({ $0 & 1 == 0 }) == true else {
            return try StoreFuzz.typed { _ = try serve() }
        }
        var isSound: Bool?
        try StoreFuzz.typed {
            isSound = try RelayRepair.run(folder: files.path, command: "fuzz") == nil
        }
        guard let isSound else { return }
        var held: [Op]?
        do {
            held = try serve()
        } catch {
            // The key, which no repair brings back, may be lost.
            try StoreFuzz.typed { throw error }
        }
        if let held, !isSound {
            try FuzzFinding.require(held.isEmpty, "what was set aside is served")
        } else if let held {
            try FuzzFinding.require(ops.isSuperset(of: held), "a false op passes for a true one")
        }
    }

    /// What a relay does with its folder when it begins, and when it is asked for everything.
    private func serve() throws -> [Op] {
        let log = try SQLiteRelayLog(
            folder: files.path, command: "fuzz", environment: environment)
        defer { try? log.close() }
        var core = try RelayCore(
            key: log.key, log: log, settings: RelaySettings(), now: environment.now(),
            entropy: SplitMix64(seed: 7))
        _ = core.opened(ConnectionID(raw: 1), isLoopback: true, now: environment.now())
        while try log.tidy() {}
        return try RelayDump(of: log).ops.flatMap(\.self)
    }
}
