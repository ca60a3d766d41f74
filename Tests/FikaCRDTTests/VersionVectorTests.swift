import FikaSimulation
import FikaCRDT
import FikaTestSupport
import Testing

@Suite struct VersionVectorTests {
    static func dots(_ generator: inout SplitMix64) -> Set<Dot> {
        Set(generator.array(count: 0...20) { $0.dot() })
    }

    private static func dots(_ vector: VersionVector) -> Set<Dot> {
        Set(
            vector.replicas.flatMap { replica in
                vector[replica].intervals.flatMap { interval in
                    interval.map { Dot(replica: replica, seq: $0) }
                }
            })
    }

    @Test func `random vectors answer as plain sets of dots do`() {
        forAll(count: 500) { generator in
            let (left, right) = (Self.dots(&generator), Self.dots(&generator))
            let (a, b) = (VersionVector(left), VersionVector(right))
            #expect(a.count == UInt64(left.count))
            #expect(a.isEmpty == left.isEmpty)
            #expect(Self.dots(a) == left)
            #expect(Self.dots(a.union(b)) == left.union(right))
            #expect(a.subtracting(b) == VersionVector(left.subtracting(right)))
            #expect(a.isSuperset(of: b) == left.isSuperset(of: right))
            #expect(a.subtracting(a).isEmpty)
            #expect(a.replicas == Set(left.map(\.replica)).sorted())
            let probe = generator.dot()
            #expect(a.contains(probe) == left.contains(probe))
        }
    }

    @Test func `each sending what the other lacks makes both equal`() {
        forAll(count: 300) { generator in
            let a = VersionVector(Self.dots(&generator))
            let b = VersionVector(Self.dots(&generator))
            let (fromA, fromB) = (a.subtracting(b), b.subtracting(a))
            #expect(a.union(fromB) == b.union(fromA))
            #expect(fromA.subtracting(fromB) == fromA)
        }
    }

    @Test func `join is a semilattice`() {
        checkJoinSemilattice {
            VersionVector(Self.dots(&$0))
        } merge: {
            $0.merge($1)
        }
    }

    @Test func `the contiguous case is told apart from gaps`() {
        let (one, two) = (replicaNumbered(1), replicaNumbered(2))
        var vector = VersionVector(contiguous: [one: 3, two: 0])
        #expect(vector.isContiguous)
        #expect(vector.replicas == [one])
        #expect(vector == VersionVector((1...3).map { Dot(replica: one, seq: $0) }))
        vector.insert(Dot(replica: one, seq: 5))
        #expect(!vector.isContiguous)
        vector.insert(4...4, of: one)
        #expect(vector.isContiguous)
        vector.insert(Dot(replica: two, seq: 2))
        #expect(!vector.isContiguous)
        vector.insert(IntervalSet(), of: replicaNumbered(3))
        #expect(vector.replicas == [one, two])
        #expect(VersionVector().isContiguous)
    }

    @Test func `counting stops at the highest number`() {
        let vector = VersionVector(contiguous: [replicaNumbered(1): .max, replicaNumbered(2): .max])
        #expect(vector.count == .max)
        #expect(vector.contains(Dot(replica: replicaNumbered(2), seq: .max)))
        #expect(!vector.contains(Dot(replica: replicaNumbered(3), seq: 1)))
    }
}
