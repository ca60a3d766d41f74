import FikaSimulation

/// Draws chat-like texts: words of a Zipf-like vocabulary that compress about as real chat does.
///
/// Compressed by zstd at level 3 in groups of 1024, these texts need 0.40 of their bytes; those
/// of a real channel need 0.41.
struct LoadVocabulary: Sendable {
    /// Two to this power is the number of words; a word's rank is its place.
    private static let octaves = 14
    private let words: [[UInt8]]

    /// Makes the same words for every seed of the load.
    init() {
        var generator = SplitMix64(seed: 0x57_4F_52_44)
        words = (0..<1 << Self.octaves).map { Self.word(rank: $0, &generator) }
    }

    /// Returns one text of about 66 bytes in the mean.
    func text(_ generator: inout SplitMix64) -> String {
        let count =
            switch generator.number(in: 0..<100) {
            case ..<30: generator.number(in: 1..<6)
            case ..<75: generator.number(in: 4..<17)
            default: generator.number(in: 12..<37)
            }
        var bytes: [UInt8] = []
        var rank = rank(&generator)
        for index in 0..<count {
            if index > 0 { bytes.append(contentsOf: (generator.oneIn(12) ? ", " : " ").utf8) }
            if generator.oneIn(60) {
                bytes.append(contentsOf: String(generator.number(in: 0..<10_000)).utf8)
            } else {
                bytes.append(contentsOf: words[rank])
            }
            rank = generator.oneIn(3) ? follower(of: rank) : self.rank(&generator)
        }
        if generator.oneIn(3) { bytes.append(UInt8(ascii: generator.pick(["?", "!", "."]))) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Returns the text with one more word, as somebody who mends it would.
    func edited(_ text: String, _ generator: inout SplitMix64) -> String {
        text + " " + String(decoding: words[rank(&generator)], as: UTF8.self)
    }

    /// Draws a rank: each octave is as likely, so that a rank's chance falls as 1 / rank.
    private func rank(_ generator: inout SplitMix64) -> Int {
        let octave = generator.number(in: 0..<Self.octaves)
        return (1 << octave) + generator.number(in: 0..<1 << octave)
    }

    /// The word that often comes after this one, as in a set phrase.
    private func follower(of rank: Int) -> Int {
        1 + (rank &* 0x9E37 >> 3) % (words.count >> 3)
    }

    /// Makes a word of syllables; frequent words are short.
    private static func word(rank: Int, _ generator: inout SplitMix64) -> [UInt8] {
        let onsets = ["b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v"]
        let nuclei = ["a", "e", "i", "o", "u", "y", "å", "ä", "ö"]
        let codas = ["", "", "n", "r", "s", "t", "l", "ng"]
        let octave = Int.bitWidth - rank.leadingZeroBitCount
        let syllables =
            switch octave {
            case ..<6: 1
            case ..<11: generator.number(in: 1..<3)
            default: generator.number(in: 1..<4)
            }
        var text = ""
        for _ in 0..<syllables {
            text += generator.pick(onsets)
            text += generator.pick(generator.oneIn(8) ? nuclei[6...] : nuclei[..<6])
            text += generator.pick(codas)
        }
        return Array(text.utf8)
    }
}
