import FikaSimulation

/// Texts of the load's vocabulary, one after the other.
package struct LoadTexts: Sendable {
    private let vocabulary = LoadVocabulary()
    private var generator: SplitMix64

    package init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    package mutating func next() -> String {
        vocabulary.text(&generator)
    }
}
