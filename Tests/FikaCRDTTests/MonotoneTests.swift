import FikaSimulation
import FikaCRDT
import FikaTestSupport
import Testing

/// Types that only go one way: a flag that is raised, a maximum, a deletion.
@Suite struct MonotoneTests {
    private static func register(_ generator: inout SplitMix64) -> LastWriterRegister<String> {
        let (value, write) = LastWriterRegisterTests.drawWrite(&generator)
        return LastWriterRegister(value, by: write)
    }

    @Test func `a one-way flag stays raised, and join is or`() {
        for (left, right) in [(false, false), (false, true), (true, false), (true, true)] {
            var (a, b) = (OneWayFlag(), OneWayFlag())
            if left { a.raise() }
            if right { b.raise() }
            #expect(a.merged(with: b).isRaised == (left || right))
        }
        checkJoinSemilattice { generator in
            var flag = OneWayFlag()
            if generator.bool() { flag.raise() }
            return flag
        } merge: {
            $0.merge($1)
        }
    }

    @Test func `a maximum is a semilattice`() {
        checkJoinSemilattice { generator in
            generator.oneIn(4) ? Maximum<UInt64>() : Maximum(generator.number(in: 0...5))
        } merge: {
            $0.merge($1)
        }
    }

    @Test func `histories in any order show the highest value named`() {
        History<Maximum<Int>, Int, Int?>(
            empty: Maximum(),
            make: { generator, _, _ in generator.number(in: -50...50) },
            apply: { $0.raise(to: $1) },
            view: { $0.value },
            model: { $0.max() }
        ).check()
    }

    @Test func `a maximum tells whether it rose`() {
        var maximum = Maximum(4)
        let (equal, higher) = (maximum.raise(to: 4), maximum.raise(to: 5))
        #expect(!equal)
        #expect(higher)
        #expect(maximum.value == 5)
    }

    @Test func `a tombstone is a semilattice`() {
        checkJoinSemilattice { generator in
            var tombstone = Tombstone(Self.register(&generator))
            if generator.oneIn(3) { tombstone.delete() }
            return tombstone
        } merge: {
            $0.merge($1)
        }
    }

    @Test func `histories in any order: one deletion beats all edits`() {
        typealias Edited = Tombstone<LastWriterRegister<Int>>
        History<Edited, (value: Int?, write: Write), Int?>(
            empty: Edited(LastWriterRegister()),
            make: { generator, _, write in
                (generator.oneIn(12) ? nil : generator.number(in: 0...9), write)
            },
            apply: { state, op in
                guard let value = op.value else { return state.delete() }
                state.update { $0.set(value, by: op.write) }
            },
            view: { $0.value?.value },
            model: { ops in
                guard ops.allSatisfy({ $0.value != nil }) else { return nil }
                return ops.sorted { $0.write < $1.write }.last?.value
            }
        ).check()
    }

    @Test func `what is deleted before it came stays deleted`() {
        var waiting = Tombstone(LastWriterRegister<String>())
        waiting.delete()
        waiting.update { $0.set("too late", by: write(1, at: 900)) }
        #expect(waiting.isDeleted)
        waiting.merge(Tombstone(LastWriterRegister("too late", by: write(1, at: 900))))
        #expect(waiting.value == nil)
    }
}
