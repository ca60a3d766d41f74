import FikaStore
import Glibc

extension StoreEnvironment {
    /// The relay's clock, which never falls within a process, and this machine's randomness.
    static var relay: StoreEnvironment {
        let start = milliseconds(CLOCK_REALTIME)
        let began = milliseconds(CLOCK_MONOTONIC)
        return StoreEnvironment {
            start + milliseconds(CLOCK_MONOTONIC) - began
        } random: {
            var generator = SystemRandomNumberGenerator()
            return generator.next()
        }
    }

    private static func milliseconds(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
    }
}
