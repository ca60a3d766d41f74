import FikaSimulation
import FikaCRDT
import FikaTestSupport
import Testing

@Suite struct IntervalSetTests {
    /// The set of the bits of a mask, built number by number.
    private static func numbers(_ mask: Int) -> Set<UInt64> {
        Set((0..<7).filter { mask >> $0 & 1 == 1 }.map { UInt64($0) })
    }

    private static func intervals(_ mask: Int) -> IntervalSet {
        IntervalSet(numbers(mask).sorted().map { $0...$0 })
    }

    private static func isCanonical(_ set: IntervalSet) -> Bool {
        IntervalSet(canonical: set.intervals) == set
    }

    @Test func `every subset of 0...6 answers as a plain set does`() {
        for mask in 0..<128 {
            let (plain, set) = (Self.numbers(mask), Self.intervals(mask))
            #expect(Self.isCanonical(set))
            #expect(set.count == UInt64(plain.count))
            #expect(set.isEmpty == plain.isEmpty)
            #expect(set.last == plain.max())
            #expect((0...7).filter { set.contains($0) } == plain.sorted())
            let contiguous = (UInt64(1)...7).prefix { plain.contains($0) }.last ?? 0
            #expect(set.contiguousFromOne == contiguous)
        }
    }

    @Test func `union and difference of all pairs of subsets of 0...6 are those of plain sets`() {
        var wrong: [(Int, Int)] = []
        for left in 0..<128 {
            for right in 0..<128 {
                let (a, b) = (Self.intervals(left), Self.intervals(right))
                let union = a.union(b)
                let difference = a.subtracting(b)
                if union != Self.intervals(left | right)
                    || difference != Self.intervals(left & ~right)
                    || !Self.isCanonical(union) || !Self.isCanonical(difference)
                {
                    wrong.append((left, right))
                }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(3))")
    }

    @Test func `inserting each interval into each subset of 0...6 gives the plain set`() {
        var wrong: [String] = []
        for mask in 0..<128 {
            for lower in UInt64(0)...6 {
                for upper in lower...6 {
                    var set = Self.intervals(mask)
                    set.insert(lower...upper)
                    let plain = Self.numbers(mask).union(lower...upper)
                    if set != IntervalSet(plain.map { $0...$0 }) || !Self.isCanonical(set) {
                        wrong.append("\(mask) + \(lower)...\(upper)")
                    }
                }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(3))")
    }

    @Test func `random large sets agree with plain sets`() {
        forAll(count: 300) { generator in
            let draw: Gen<ClosedRange<UInt64>> = {
                let start = $0.number(in: UInt64(0)...300)
                return start...start + $0.number(in: UInt64(0)...9)
            }
            let (left, right) = (
                generator.array(count: 0...40, of: draw), generator.array(count: 0...40, of: draw)
            )
            let (a, b) = (IntervalSet(left), IntervalSet(right))
            let plainA = Set(left.flatMap { Array($0) })
            let plainB = Set(right.flatMap { Array($0) })
            #expect(a.count == UInt64(plainA.count))
            #expect(a.union(b) == IntervalSet(plainA.union(plainB).map { $0...$0 }))
            #expect(a.subtracting(b) == IntervalSet(plainA.subtracting(plainB).map { $0...$0 }))
            #expect(Self.isCanonical(a.union(b)))
        }
    }

    @Test func `join is a semilattice`() {
        checkJoinSemilattice {
            IntervalSet(
                $0.array(count: 0...8) {
                    let start = $0.oneIn(6) ? UInt64.max - 9 : $0.number(in: UInt64(0)...20)
                    return start...start + $0.number(in: UInt64(0)...9)
                })
        } merge: {
            $0.merge($1)
        }
    }

    @Test func `the ends of the numbers are no trouble`() {
        let all = IntervalSet(CollectionOfOne(0...UInt64.max))
        #expect(all.count == .max)
        #expect(all.contains(0))
        #expect(all.contains(.max))
        #expect(all.contiguousFromOne == .max)

        var set = IntervalSet()
        set.insert(.max)
        set.insert(0)
        #expect(set.intervals == [0...0, UInt64.max...UInt64.max])
        #expect(set.contiguousFromOne == 0)
        #expect(all.subtracting(set).intervals == [1...UInt64.max - 1])
        #expect(set.subtracting(all).isEmpty)
        set.insert(UInt64.max - 1)
        #expect(set.intervals == [0...0, UInt64.max - 1...UInt64.max])
        set.insert(1...UInt64.max)
        #expect(set == all)
        set.insert(.max)
        #expect(set == all)
        #expect(all.union(set) == all)
        #expect(IntervalSet(CollectionOfOne(1...UInt64.max)).count == .max)
    }

    @Test func `canonical form is checked`() {
        #expect(IntervalSet(canonical: []) == IntervalSet())
        #expect(IntervalSet(canonical: [1...2, 4...4])?.count == 3)
        #expect(IntervalSet(canonical: [1...2, 3...4]) == nil)
        #expect(IntervalSet(canonical: [4...4, 1...2]) == nil)
        #expect(IntervalSet(canonical: [1...4, 4...5]) == nil)
        #expect(IntervalSet(canonical: [1...4, 2...9]) == nil)
        #expect(IntervalSet(canonical: [0...UInt64.max, 0...0]) == nil)
        #expect(IntervalSet(canonical: [0...UInt64.max])?.contains(7) == true)
    }
}
