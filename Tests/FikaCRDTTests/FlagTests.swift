import FikaSimulation
import FikaCRDT
import FikaTestSupport
import Testing

@Suite struct FlagTests {
    @Test func `join is a semilattice`() {
        checkJoinSemilattice { generator in
            var flag = Flag()
            for write in generator.array(count: 0...2, of: { Write(stamp: $0.stamp(), seq: 1) }) {
                flag.set(write.time.raw % 2 == 0, by: write)
            }
            return flag
        } merge: {
            $0.merge($1)
        }
    }

    @Test func `histories in any order show the latest wish`() {
        History<Flag, (isOn: Bool, write: Write), Bool>(
            empty: Flag(),
            make: { generator, state, write in (generator.oneIn(3) != state.isOn, write) },
            apply: { $0.set($1.isOn, by: $1.write) },
            view: { $0.isOn },
            model: { $0.sorted { $0.write < $1.write }.last?.isOn ?? false }
        ).check()
    }

    @Test func `G1: the same reaction from two devices of one person counts once`() {
        let (phone, laptop) = (write(1, at: 100), write(2, at: 101))
        for order in permutations([phone, laptop]) {
            var reactions: [String: Flag] = [:]
            for write in order { reactions["emma 👍", default: Flag()].set(true, by: write) }
            #expect(reactions.values.count { $0.isOn } == 1)
        }
    }

    @Test func `G2: a reaction taken away and given again offline is there`() {
        let online = (true, write(1, at: 100))
        let offline = [
            (false, write(2, at: 200, seq: 1)), (true, write(2, at: 201, seq: 2)),
        ]
        for order in permutations([online] + offline) {
            var flag = Flag()
            for (isOn, write) in order { flag.set(isOn, by: write) }
            #expect(flag.isOn)
            #expect(flag.write == write(2, at: 201, seq: 2))
        }
    }
}
