import FikaSimulation
import FikaRelay
import FikaStore
import FikaTestSupport
import Synchronization

/// Opens relays' logs in a folder, with a clock that is moved by hand and seeded randomness.
struct TestRelayLog {
    let folder: TemporaryFolder
    let clock = TestClock()
    private let environment: StoreEnvironment

    init(_ folder: TemporaryFolder, seed: UInt64 = 1) {
        self.folder = folder
        let clock = clock
        let generator = Mutexed(SplitMix64(seed: seed))
        environment = StoreEnvironment {
            clock.now
        } random: {
            generator.next()
        }
    }

    func open() throws -> SQLiteRelayLog {
        try SQLiteRelayLog(folder: folder.path, command: "test", environment: environment)
    }

    private final class Mutexed: Sendable {
        private let generator: Mutex<SplitMix64>

        init(_ generator: SplitMix64) {
            self.generator = Mutex(generator)
        }

        func next() -> UInt64 { generator.withLock { $0.next() } }
    }
}
