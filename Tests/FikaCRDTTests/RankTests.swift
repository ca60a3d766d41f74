import FikaSimulation
import FikaCRDT
import FikaTestSupport
import Testing

@Suite struct RankTests {
    /// All ranks of at most two bytes drawn from digits that matter.
    private static var small: [Rank] {
        let digits: [UInt8] = [0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF]
        let one = digits.compactMap { Rank(bytes: [$0]) }
        let two = digits.flatMap { first in digits.compactMap { Rank(bytes: [first, $0]) } }
        let three = digits.flatMap { first in digits.compactMap { Rank(bytes: [first, 0, $0]) } }
        let full = digits.flatMap { first in digits.compactMap { Rank(bytes: [first, 255, $0]) } }
        return (one + two + three + full).sorted()
    }

    private func expectBetween(_ lower: Rank?, _ upper: Rank?) {
        let rank = Rank.between(lower, upper)
        #expect(Rank(bytes: rank.bytes) == rank, "\(rank) ends in 0")
        if let lower { #expect(lower < rank, "between \(lower) and \(upper as Rank?)") }
        if let upper { #expect(rank < upper, "between \(lower as Rank?) and \(upper)") }
    }

    @Test func `between any two small ranks and the ends lies another`() {
        let ranks = Self.small
        #expect(ranks.count > 100)
        for (index, lower) in ranks.enumerated() {
            expectBetween(lower, nil)
            expectBetween(nil, lower)
            for upper in ranks[(index + 1)...] where lower != upper { expectBetween(lower, upper) }
        }
    }

    @Test func `random insertions keep the order in which they were meant`() {
        forAll(count: 60) { generator in
            var ranks: [Rank] = []
            for _ in 0..<200 {
                // Mostly near one place, so that gaps nest.
                let index =
                    generator.bool() ? ranks.count / 2 : generator.number(in: 0...ranks.count)
                let lower = index > 0 ? ranks[index - 1] : nil
                let upper = index < ranks.count ? ranks[index] : nil
                ranks.insert(Rank.between(lower, upper), at: index)
            }
            #expect(ranks == ranks.sorted())
            #expect(Set(ranks).count == ranks.count)
        }
    }

    @Test func `seventy thousand additions at one side stay within four bytes`() {
        var (top, bottom) = (Rank.middle, Rank.middle)
        for _ in 0..<10_000 {
            let (above, below) = (Rank.between(top, nil), Rank.between(nil, bottom))
            #expect(above > top && below < bottom)
            (top, bottom) = (above, below)
        }
        #expect(top.bytes.count <= 2)
        #expect(bottom.bytes.count <= 2)
        for _ in 0..<60_000 { (top, bottom) = (.between(top, nil), .between(nil, bottom)) }
        #expect(top.bytes.count == 4)
        #expect(bottom.bytes.count == 4)
    }

    @Test func `a thousand insertions into one gap cost at most a byte in seven each`() throws {
        let uppers: [[UInt8]] = [[0x41], [0x40, 0x01], [0xC0], [0x40, 0, 0, 1]]
        for bytes in uppers {
            let lower = try #require(Rank(bytes: [0x40]))
            let upper = try #require(Rank(bytes: bytes))
            // Always just below the upper, always just above the lower, and from both sides.
            for sides in [[true], [false], [true, false], [true, true, false]] {
                var gap = (lower: lower, upper: upper)
                for step in 0..<1000 {
                    let rank = Rank.between(gap.lower, gap.upper)
                    if sides[step % sides.count] { gap.lower = rank } else { gap.upper = rank }
                }
                #expect(gap.lower < gap.upper)
                #expect(max(gap.lower.bytes.count, gap.upper.bytes.count) <= 1000 / 7 + 5)
            }
        }
    }

    @Test func `a rank of nothing but full digits makes the next one only a little longer`() throws
    {
        let high = try #require(Rank(bytes: [UInt8](repeating: 0xFF, count: 200)))
        #expect(Rank.between(high, nil).bytes.count == 204)
        let low = try #require(Rank(bytes: [UInt8](repeating: 0, count: 199) + [1]))
        #expect(Rank.between(nil, low).bytes.count == 203)
        expectBetween(high, nil)
        expectBetween(nil, low)
    }

    @Test func `a rank has one form`() {
        #expect(Rank(bytes: []) == nil)
        #expect(Rank(bytes: [0]) == nil)
        #expect(Rank(bytes: [1, 0]) == nil)
        #expect(Rank(bytes: [0, 1])?.description == "0001")
    }

    @Test func `there is nothing between equal ranks`() async {
        await #expect(processExitsWith: .failure) {
            _ = Rank.between(.middle, .middle)
        }
    }
}
