import FikaSimulation
import FikaCRDT
import FikaTestSupport
import Testing

@Suite struct ReadMarksTests {
    private static func marks(_ dots: Set<Dot>) -> ReadMarks {
        var marks = ReadMarks()
        marks.add(VersionVector(dots))
        return marks
    }

    @Test func `join is a semilattice`() {
        checkJoinSemilattice {
            Self.marks(VersionVectorTests.dots(&$0))
        } merge: {
            $0.merge($1)
        }
    }

    @Test func `what was added is exactly what was unread`() {
        forAll(count: 300) { generator in
            let old = VersionVectorTests.dots(&generator)
            let seen = VersionVectorTests.dots(&generator)
            var marks = Self.marks(old)
            let unread = marks.unread(of: VersionVector(seen))
            let added = marks.add(VersionVector(seen))
            #expect(added == VersionVector(seen.subtracting(old)))
            #expect(added == unread)
            #expect(marks.read == VersionVector(old.union(seen)))
            let again = marks.add(VersionVector(seen))
            #expect(again.isEmpty)
        }
    }

    @Test func `what was added, heard in any order, gives the same marks`() {
        History<ReadMarks, VersionVector, Set<Dot>>(
            empty: ReadMarks(),
            make: { generator, state, _ in
                var copy = state
                return copy.add(VersionVector(VersionVectorTests.dots(&generator)))
            },
            apply: { $0.add($1) },
            view: { state in
                let every = (1...4).flatMap { replica in
                    (UInt64(1)...6).map { Dot(replica: replicaNumbered(replica), seq: $0) }
                }
                return Set(every.filter { state.contains($0) })
            },
            model: { ops in
                Set(
                    (1...4).flatMap { replica in
                        (UInt64(1)...6).map { Dot(replica: replicaNumbered(replica), seq: $0) }
                    }.filter { dot in ops.contains { $0.contains(dot) } })
            }
        ).check()
    }

    @Test func `G6: what arrives late is unread, and stays so when later things are read`() {
        let (ann, bo) = (replicaNumbered(1), replicaNumbered(2))
        var have = VersionVector(contiguous: [ann: 3])
        var marks = ReadMarks()
        marks.add(have)
        have.insert(Dot(replica: bo, seq: 1))
        #expect(marks.unread(of: have) == VersionVector([Dot(replica: bo, seq: 1)]))
        have.insert(Dot(replica: bo, seq: 2))
        marks.add(VersionVector([Dot(replica: bo, seq: 2)]))
        #expect(marks.unread(of: have).count == 1)
    }

    @Test func `G12: reading on two devices without a network unites`() {
        let have = VersionVector(contiguous: [replicaNumbered(1): 10])
        var phone = ReadMarks()
        var laptop = ReadMarks()
        let fromPhone = phone.add(VersionVector(contiguous: [replicaNumbered(1): 6]))
        var upper = VersionVector()
        upper.insert(4...10, of: replicaNumbered(1))
        let fromLaptop = laptop.add(upper)
        phone.add(fromLaptop)
        laptop.add(fromPhone)
        #expect(phone == laptop)
        #expect(phone.unread(of: have).isEmpty)
    }
}
