package import FikaStore
import Foundation

extension StoreEnvironment {
    /// The clock and the randomness of this machine.
    package static let system = StoreEnvironment(
        now: {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            guard now.tv_sec >= 0 else { return 0 }
            return UInt64(now.tv_sec) * 1000 + UInt64(now.tv_nsec) / 1_000_000
        },
        random: {
            var generator = SystemRandomNumberGenerator()
            return generator.next()
        })
}
