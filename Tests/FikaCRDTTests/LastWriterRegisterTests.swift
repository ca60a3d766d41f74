import FikaSimulation
import FikaCRDT
import FikaTestSupport
import Testing

@Suite struct LastWriterRegisterTests {
    /// A write always gives the same value, so the value is made of the write.
    static func drawWrite(_ generator: inout SplitMix64) -> (value: String, write: Write) {
        let write = Write(stamp: generator.stamp(), seq: generator.number(in: 1...2))
        return ("\(write.time) \(write.dot)", write)
    }

    @Test func `join is a semilattice`() {
        checkJoinSemilattice { generator in
            var register = LastWriterRegister<String>()
            for (value, write) in generator.array(count: 0...2, of: Self.drawWrite) {
                register.set(value, by: write)
            }
            return register
        } merge: {
            $0.merge($1)
        }
    }

    @Test func `histories in any order show the latest write`() {
        History<LastWriterRegister<UInt64>, (value: UInt64, write: Write), UInt64?>(
            empty: LastWriterRegister(),
            make: { generator, _, write in (generator.number(in: 0...9), write) },
            apply: { $0.set($1.value, by: $1.write) },
            view: { $0.value },
            model: { $0.sorted { $0.write < $1.write }.last?.value }
        ).check()
    }

    @Test func `the later stamp wins, then the higher replica, then the higher seq`() {
        let rising = [
            write(1, at: 5, seq: 1), write(1, at: 5, seq: 2), write(2, at: 5, seq: 1),
            write(1, at: 6, seq: 3),
        ]
        for order in permutations(rising) {
            var register = LastWriterRegister<Write>()
            for write in order { register.set(write, by: write) }
            #expect(register.value == rising.last)
            #expect(register.write == rising.last)
        }
    }

    @Test func `a write tells whether it stands`() {
        var register = LastWriterRegister("old", by: write(1, at: 5))
        let lost = register.set("older", by: write(2, at: 4))
        #expect(!lost)
        #expect(register.value == "old")
        let repeated = register.set("old", by: write(1, at: 5))
        #expect(repeated)
        let won = register.set("new", by: write(2, at: 5))
        #expect(won)
        #expect(register.value == "new")
    }
}
