/// What a store's marker says at one moment: how often it was advanced, and a random word, so that
/// two copies that advanced equally often are told apart.
package struct MarkerValue: Hashable, Sendable {
    package let generation: UInt64
    package let token: UInt64

    package init(generation: UInt64, token: UInt64) {
        self.generation = generation
        self.token = token
    }

    /// The value of a marker that was just made.
    package static func first(using generator: inout some RandomNumberGenerator) -> MarkerValue {
        MarkerValue(generation: 1, token: generator.next())
    }

    /// The value to advance to.
    package func next(using generator: inout some RandomNumberGenerator) -> MarkerValue {
        MarkerValue(generation: generation &+ 1, token: generator.next())
    }
}
