import FikaSimulation
import FikaCRDT
import FikaTestSupport
import Testing

@Suite struct RankedListTests {
    enum Op {
        case add(String, Rank, Write)
        case move(String, Rank, Write)
        case remove([Dot])
    }

    static func apply(_ list: inout RankedList<String>, _ op: Op) {
        switch op {
        case .add(let element, let rank, let write): list.add(element, at: rank, by: write)
        case .move(let element, let rank, let write): list.move(element, to: rank, by: write)
        case .remove(let dots): list.remove(dots)
        }
    }

    /// Elements with an addition that no removal names, sorted by the rank last written.
    static func model(_ ops: [Op]) -> [String] {
        var standing: [AddWinsSetTests.Op] = []
        var writes: [(element: String, rank: Rank, write: Write)] = []
        for op in ops {
            switch op {
            case .add(let element, let rank, let write):
                standing.append(.add(element, write.dot))
                writes.append((element, rank, write))
            case .move(let element, let rank, let write): writes.append((element, rank, write))
            case .remove(let dots): standing.append(.remove(dots))
            }
        }
        writes.sort { $0.write < $1.write }
        return AddWinsSetTests.model(standing)
            .compactMap { element in writes.last { $0.element == element } }
            .sorted { ($0.rank, $0.element) < ($1.rank, $1.element) }
            .map(\.element)
    }

    private static func make(
        _ generator: inout SplitMix64, _ state: RankedList<String>, _ write: Write
    ) -> Op {
        let element = generator.pick(["a", "b", "c", "d"])
        let rank = state.rank(at: generator.number(in: 0...state.count))
        guard state.contains(element) else { return .add(element, rank, write) }
        return switch generator.number(in: 0..<3) {
        case 0: .add(element, rank, write)
        case 1: .move(element, rank, write)
        default: .remove(state.dots(of: element))
        }
    }

    @Test func `histories in any order give one order of the elements`() {
        History<RankedList<String>, Op, [String]>(
            empty: RankedList(), make: Self.make, apply: Self.apply, view: { $0.elements },
            model: Self.model
        ).check(count: 500)
    }

    @Test func `join is a semilattice`() {
        checkJoinSemilattice { generator in
            var list = RankedList<String>()
            for _ in 0..<generator.number(in: 0...6) {
                let write = Write(stamp: generator.stamp(), seq: generator.number(in: 1...3))
                // One write, one content: all is made of the write.
                let rank = Rank(bytes: [UInt8(write.time.counter) + 1]) ?? .middle
                if generator.oneIn(4) {
                    list.remove([write.dot])
                } else {
                    list.add("\(write.dot)", at: rank, by: write)
                }
            }
            return list
        } merge: {
            $0.merge($1)
        }
    }

    @Test func `an element is put where it was meant`() {
        forAll(count: 100) { generator in
            var list = RankedList<Int>()
            var plain: [Int] = []
            for number in 0..<40 {
                let index = generator.number(in: 0...plain.count)
                list.add(
                    number, at: list.rank(at: index), by: write(1, at: 1, seq: UInt64(number + 1)))
                plain.insert(number, at: index)
            }
            #expect(list.elements == plain)
        }
    }

    @Test func `after elements that were given one place, the next comes behind them`() {
        var list = RankedList<String>()
        for (replica, name) in ["pasta", "pizza"].enumerated() {
            list.add(name, at: .middle, by: write(replica + 1, at: 1))
        }
        list.add("semla", at: list.rank(at: 1), by: write(3, at: 2))
        #expect(list.elements == ["pasta", "pizza", "semla"])
        list.add("bulle", at: list.rank(at: 0), by: write(3, at: 3, seq: 2))
        #expect(list.elements == ["bulle", "pasta", "pizza", "semla"])
    }

    @Test func `moving what was removed does not bring it back`() {
        var list = RankedList<String>()
        list.add("a", at: .middle, by: write(1, at: 1))
        list.remove(list.dots(of: "a"))
        list.move("a", to: .middle, by: write(2, at: 9))
        #expect(list.isEmpty)
        #expect(list.rank(of: "a") == nil)
    }
}
