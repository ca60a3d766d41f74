import FikaSimulation

/// What is left to chance in a case follows from the seed and the case's name alone: neither how
/// many cases there are, which differs a little from run to run, nor what was played before
/// changes it.
struct Chance {
    let seed: UInt64

    /// What a case draws from while it is played.
    func generator(for name: String) -> SplitMix64 {
        // FNV-1a: short, and the same on every machine.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var mixed = SplitMix64(seed: seed)
        return SplitMix64(seed: hash ^ mixed.next())
    }

    /// Whether a case is among those that are played where one in so many is.
    func draws(_ name: String, oneIn count: Int) -> Bool {
        var generator = generator(for: "whether " + name)
        return generator.number(in: 0..<count) == 0
    }
}
