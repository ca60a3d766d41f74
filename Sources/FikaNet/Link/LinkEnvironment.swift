import Dispatch

/// What a link takes from outside: the time and randomness.
package struct LinkEnvironment: Sendable {
    /// Milliseconds of a monotonic clock.
    package let now: @Sendable () -> UInt64
    /// Eight random bytes, unpredictable outside of tests.
    package let random: @Sendable () -> UInt64

    package init(now: @escaping @Sendable () -> UInt64, random: @escaping @Sendable () -> UInt64) {
        self.now = now
        self.random = random
    }

    /// This machine's clock and randomness.
    package static var system: LinkEnvironment {
        LinkEnvironment {
            DispatchTime.now().uptimeNanoseconds / 1_000_000
        } random: {
            var generator = SystemRandomNumberGenerator()
            return generator.next()
        }
    }

    var generator: LinkGenerator { LinkGenerator(random: random) }

    /// A nonce for a handshake.
    func nonce() -> [UInt8] {
        var generator = generator
        return (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}

/// The randomness of a ``LinkEnvironment`` as the standard library takes it.
struct LinkGenerator: RandomNumberGenerator {
    let random: @Sendable () -> UInt64

    mutating func next() -> UInt64 { random() }
}
