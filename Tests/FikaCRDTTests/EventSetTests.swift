import FikaSimulation
import FikaCRDT
import FikaTestSupport
import Testing

@Suite struct EventSetTests {
    @Test func `join is a semilattice`() {
        checkJoinSemilattice {
            EventSet($0.array(count: 0...10) { $0.dot() })
        } merge: {
            $0.merge($1)
        }
    }

    @Test func `histories in any order keep every event once`() {
        History<EventSet<Dot>, Dot, [Dot]>(
            empty: EventSet(),
            make: { _, _, write in write.dot },
            apply: { $0.insert($1) },
            view: { $0.sorted },
            model: { Set($0).sorted() }
        ).check()
    }

    @Test func `an event is new once`() {
        var set = EventSet<Dot>()
        #expect(set.isEmpty)
        let dot = Dot(replica: replicaNumbered(1), seq: 1)
        let first = set.insert(dot)
        let second = set.insert(dot)
        #expect(first)
        #expect(!second)
        #expect(set.count == 1)
        #expect(set.contains(dot))
    }
}
