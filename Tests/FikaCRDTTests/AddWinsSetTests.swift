import FikaSimulation
import FikaCRDT
import FikaTestSupport
import Testing

@Suite struct AddWinsSetTests {
    enum Op {
        case add(String, Dot)
        case remove([Dot])
    }

    static func apply(_ set: inout AddWinsSet<String>, _ op: Op) {
        switch op {
        case .add(let element, let dot): set.add(element, by: dot)
        case .remove(let dots): set.remove(dots)
        }
    }

    /// An element stands while one of its additions was named by no removal.
    static func model(_ ops: [Op]) -> [String] {
        var removed: Set<Dot> = []
        for case .remove(let dots) in ops { removed.formUnion(dots) }
        var standing: Set<String> = []
        for case .add(let element, let dot) in ops where !removed.contains(dot) {
            standing.insert(element)
        }
        return standing.sorted()
    }

    @Test func `join is a semilattice`() {
        checkJoinSemilattice { generator in
            var set = AddWinsSet<String>()
            for _ in 0..<generator.number(in: 0...8) {
                let dot = generator.dot()
                if generator.oneIn(3) {
                    set.remove([dot])
                } else {
                    set.add("\(dot.seq % 3)", by: dot)
                }
            }
            return set
        } merge: {
            $0.merge($1)
        }
    }

    @Test func `histories in any order show what no removal has seen`() {
        History<AddWinsSet<String>, Op, [String]>(
            empty: AddWinsSet(),
            make: { generator, state, write in
                let element = generator.pick(["a", "b", "c"])
                let dots = state.dots(of: element)
                return dots.isEmpty || generator.bool() ? .add(element, write.dot) : .remove(dots)
            },
            apply: Self.apply,
            view: { $0.elements },
            model: Self.model
        ).check(count: 500)
    }

    @Test func `all orders of every small history give the model's answer`() {
        let dots = (1...3).map { Dot(replica: replicaNumbered($0), seq: 1) }
        var wrong = 0
        // Three additions of one of two elements each, and two removals of any of their dots.
        for names in 0..<8 {
            let adds = dots.enumerated().map { Op.add(names >> $0 & 1 == 0 ? "a" : "b", $1) }
            for masks in 0..<64 {
                let removes = [masks & 7, masks >> 3].map { mask in
                    Op.remove(
                        dots.enumerated().filter { mask >> $0.offset & 1 == 1 }.map(\.element))
                }
                let ops = adds + removes
                let expected = Self.model(ops)
                for order in permutations(Array(ops.indices)) {
                    let set = order.reduce(into: AddWinsSet<String>()) { Self.apply(&$0, ops[$1]) }
                    if set.elements != expected || set.count != expected.count { wrong += 1 }
                }
            }
        }
        #expect(wrong == 0)
    }

    @Test func `G5: pins by people who knew nothing of each other all stay`() {
        let ops = (1...3).map { Op.add("m\($0)", Dot(replica: replicaNumbered($0), seq: 1)) }
        for order in permutations(ops) {
            let set = order.reduce(into: AddWinsSet<String>()) { Self.apply(&$0, $1) }
            #expect(set.elements == ["m1", "m2", "m3"])
        }
    }

    @Test func `an addition stays when the removal had not seen it`() {
        var here = AddWinsSet<String>()
        here.add("pin", by: Dot(replica: replicaNumbered(1), seq: 1))
        var there = here
        there.add("pin", by: Dot(replica: replicaNumbered(2), seq: 1))
        here.remove(here.dots(of: "pin"))
        #expect(here.isEmpty)
        here.merge(there)
        #expect(here.elements == ["pin"])
        #expect(here.dots(of: "pin") == [Dot(replica: replicaNumbered(2), seq: 1)])
        here.remove(here.dots(of: "pin"))
        #expect(here.elements == [])
        here.merge(there)
        #expect(!here.contains("pin"))
    }
}
