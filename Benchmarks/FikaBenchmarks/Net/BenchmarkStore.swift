import FikaSimulation
import Fika
import FikaCRDT
import FikaLog
import FikaStore
import FikaSync
import FikaTestSupport

/// A real store of somebody, which syncs over a plain socket.
final class BenchmarkStore {
    let test: TestStore
    private let seed: UInt64
    private var connections: UInt64 = 0

    init(person: Int, seed: UInt64) throws {
        self.seed = seed
        let clock = TestClock(milliseconds: Measure.milliseconds())
        test = try TestStore(user: LoadUser.id(person).text, seed: seed, clock: clock)
    }

    /// Connects, and says nothing yet.
    func client(port: Int) throws -> SessionClient<StoreHolder> {
        test.clock.set(milliseconds: max(test.clock.now, Measure.milliseconds()))
        connections += 1
        var generator = SplitMix64(seed: seed &* 1000 &+ connections)
        return try SessionClient(
            port: port, user: test.store.profile.user, key: TestStore.key(seed),
            workspace: TestStore.workspace, nonce: generator.bytes(count: 16...16),
            holder: StoreHolder(test.store))
    }

    /// Sends up all that it has, and waits until so many ops are accepted.
    func upload(_ count: Int, port: Int) throws -> SessionClient<StoreHolder> {
        var client = try client(port: port)
        while client.placedCount < count { _ = try client.step() }
        return client
    }

    /// Connects and goes on until nothing is missing.
    func sync(port: Int) throws -> SessionClient<StoreHolder> {
        var client = try client(port: port)
        try client.runUntilUpToDate()
        return client
    }

    /// Whether a room's newest rows can be read.
    func hasPage(of room: LogID) throws -> Bool {
        try test.store.read {
            try ViewQueries($0).page(of: room, .newest, limit: 50).count == 50
        }
    }
}
