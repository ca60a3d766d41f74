import FikaSimulation
import FikaChat
import FikaCRDT
import FikaTestSupport
import Testing

@Suite struct RestampingTests {
    private static let year: Int64 = 366 * 24 * 3600 * 1000
    private static let now: UInt64 = 1_800_000_000_000

    @Test(arguments: [-10 * RestampingTests.year, -1, 0, 1, 10 * RestampingTests.year])
    func `C3: any error of ten years is taken out and the order kept`(error: Int64) {
        let written: [UInt64] = [Self.now - 9000, Self.now - 5000, Self.now - 5000, Self.now]
        let ops = written.map {
            UnsealedTime(writtenMilliseconds: UInt64(Int64($0) + error), held: .zero)
        }
        let times = Restamping.times(of: ops, correction: -error, now: Self.now)
        #expect(times.map(\.milliseconds) == written)
        #expect(times[2] == times[1].next)
    }

    @Test func `C3: what was held when it was written stays below`() {
        let held = HybridTime(milliseconds: Self.now - 10, counter: 3)
        let op = UnsealedTime(writtenMilliseconds: Self.now - 50, held: held)
        #expect(Restamping.times(of: [op], correction: 0, now: Self.now) == [held.next])
    }

    @Test func `C3: no time is later than corrected now, however many are written at once`() {
        let op = UnsealedTime(writtenMilliseconds: Self.now, held: .zero)
        let times = Restamping.times(
            of: [UnsealedTime](repeating: op, count: 70_000), correction: 5000, now: Self.now)
        #expect(times.allSatisfy { $0.milliseconds <= Self.now })
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func `C3: a right clock gives the times that the ops have`() {
        forAll(count: 300) { generator in
            var now = Self.now
            var clock = HybridClock()
            var foreign = HybridTime.zero
            var ops: [UnsealedTime] = []
            var given: [HybridTime] = []
            for _ in 0..<generator.number(in: 1..<20) {
                now += generator.number(in: 0...3)
                if generator.oneIn(3) {
                    let time = HybridTime(milliseconds: now, counter: generator.number(in: 0...9))
                    foreign = max(foreign, time)
                    clock.observe(time)
                }
                ops.append(UnsealedTime(writtenMilliseconds: now, held: foreign))
                given.append(clock.next(nowMilliseconds: now))
            }
            #expect(Restamping.times(of: ops, correction: 0, now: now) == given)
        }
    }

    @Test func `C3: the laws hold for any clock and any correction`() {
        forAll(count: 2000) { generator in
            let ops = generator.array(count: 0...12) { generator in
                UnsealedTime(
                    writtenMilliseconds: generator.magnitude(),
                    held: HybridTime(milliseconds: generator.number(in: 0...Self.now)))
            }
            let correction = Int64(bitPattern: generator.magnitude())
            let now = generator.number(in: Self.now...Self.now * 2)
            let times = Restamping.times(of: ops, correction: correction, now: now)
            #expect(times.count == ops.count)
            #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
            #expect(zip(times, ops).allSatisfy { $0 > $1.held })
            #expect(times.allSatisfy { $0.milliseconds <= now && $0.isWellFormed })
        }
    }
}
