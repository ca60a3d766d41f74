import FikaSimulation

/// What is left to chance in a case follows from the seed and the case's name alone: neither how
/// many cases there are, which differs a little from run to run, nor what was played before
/// changes it.
struct Chance {
    let seed: UInt64

    /// What a case draws from while it is played.
    func generator(for name: String) -> SplitMix64 {
        var named = FNV1a()
        named.add(name.utf8)
        var mixed = SplitMix64(seed: seed)
        return SplitMix64(seed: named.hash ^ mixed.next())
    }

    /// Whether a case is among those that are played where one in so many is.
    func draws(_ name: String, oneIn count: Int) -> Bool {
        var generator = generator(for: "whether " + name)
        return generator.number(in: 0..<count) == 0
    }
}
