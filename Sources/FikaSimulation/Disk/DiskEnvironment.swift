package import FikaStore
import Synchronization

/// What a store on a simulated disk takes from outside: a clock that is set, and seeded numbers.
package final class DiskEnvironment: Sendable {
    private let wall: Mutex<UInt64>
    private let generator: Mutex<SplitMix64>

    package init(seed: UInt64, now: UInt64) {
        wall = Mutex(now)
        generator = Mutex(SplitMix64(seed: seed))
    }

    /// Milliseconds since 1970.
    package var now: UInt64 { wall.withLock { $0 } }

    package func setClock(_ now: UInt64) {
        wall.withLock { $0 = now }
    }

    package func next() -> UInt64 { generator.withLock { $0.next() } }

    /// The same, as stores take it.
    package var environment: StoreEnvironment {
        StoreEnvironment(now: { self.now }, random: { self.next() })
    }
}
