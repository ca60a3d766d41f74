/// What a store takes from outside: the time and randomness.
package struct StoreEnvironment: Sendable {
    /// Milliseconds since 1970-01-01 UTC by this device's clock.
    package let now: @Sendable () -> UInt64
    /// Eight random bytes, unpredictable outside of tests.
    package let random: @Sendable () -> UInt64

    package init(now: @escaping @Sendable () -> UInt64, random: @escaping @Sendable () -> UInt64) {
        self.now = now
        self.random = random
    }

    /// The randomness as a generator.
    package var generator: EnvironmentGenerator { EnvironmentGenerator(random: random) }
}

/// The randomness of a ``StoreEnvironment`` as the standard library takes it.
package struct EnvironmentGenerator: RandomNumberGenerator, Sendable {
    let random: @Sendable () -> UInt64

    package mutating func next() -> UInt64 { random() }
}
