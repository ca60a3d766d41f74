import FikaSimulation
import FikaCRDT
import FikaTestSupport
import Testing

@Suite struct HybridClockTests {
    @Test func `C1: a clock that stands still or goes back still gives rising times`() {
        var clock = HybridClock()
        let times = [1000, 1000, 400, 1000, 1001, 0].map { clock.next(nowMilliseconds: $0) }
        #expect(times.map(\.milliseconds) == [1000, 1000, 1000, 1000, 1001, 1001])
        #expect(times.map(\.counter) == [0, 1, 2, 3, 0, 1])
    }

    @Test func `C1: the next time is one tick above the highest that the log holds`() {
        var clock = HybridClock()
        clock.observe(HybridTime(milliseconds: 5000, counter: 7))
        clock.observe(HybridTime(milliseconds: 4000, counter: 9))
        let next = clock.next(nowMilliseconds: 10)
        #expect(next == HybridTime(milliseconds: 5000, counter: 8))
    }

    @Test func `C1: a full counter runs over into the milliseconds`() {
        var clock = HybridClock(highest: HybridTime(milliseconds: 5, counter: .max))
        let next = clock.next(nowMilliseconds: 5)
        #expect(next == HybridTime(milliseconds: 6))
    }

    @Test func `C1: a pending foreign stamp raises the clock up to 5 minutes past now`() {
        let now: UInt64 = 1_000_000
        let lead = HybridClock.pendingLeadMaximumMilliseconds
        #expect(lead == 300_000)
        var clock = HybridClock()
        clock.observePending(
            HybridTime(milliseconds: now + lead + 1), nowMilliseconds: now)
        #expect(clock.highest == .zero)
        let edge = HybridTime(milliseconds: now + lead, counter: .max)
        clock.observePending(edge, nowMilliseconds: now)
        #expect(clock.highest == edge)
        clock.observePending(HybridTime(milliseconds: now), nowMilliseconds: .max)
        #expect(clock.highest == edge)
    }

    @Test func `C2: no time that a clock is told makes it give a malformed stamp`() {
        let end = HybridTime.maximum
        #expect(end.milliseconds == 1 << 47 - 1)
        #expect(end.counter == .max)
        #expect(end.isWellFormed)
        #expect(!HybridTime(raw: end.raw + 1).isWellFormed)
        #expect(!HybridTime(raw: .max).isWellFormed)
        #expect(end.next == end)
        #expect(HybridTime(raw: .max).next == end)

        var clock = HybridClock(highest: HybridTime(raw: .max))
        clock.observe(HybridTime(raw: .max))
        clock.observePending(HybridTime(raw: .max), nowMilliseconds: .max)
        #expect(clock.highest == end)
        let next = clock.next(nowMilliseconds: .max)
        #expect(next == end)

        var fast = HybridClock()
        let first = fast.next(nowMilliseconds: .max)
        #expect(first == HybridTime(milliseconds: 1 << 47 - 1))
        let second = fast.next(nowMilliseconds: 1 << 47)
        #expect(second == first.next)
    }

    @Test func `C1: any history gives rising, well-formed times that are not before now`() {
        forAll(count: 300) { generator in
            var clock = HybridClock()
            var last = HybridTime.zero
            for _ in 0..<40 {
                let now = generator.magnitude() >> 17
                let foreign = HybridTime(raw: generator.magnitude() >> 1)
                switch generator.number(in: 0..<3) {
                case 0:
                    clock.observePending(foreign, nowMilliseconds: now)
                case 1:
                    clock.observe(HybridTime(milliseconds: now))
                default:
                    let time = clock.next(nowMilliseconds: now)
                    try #require(time > last || time == .maximum)
                    #expect(time.isWellFormed)
                    #expect(time.milliseconds >= now)
                    last = time
                }
                #expect(clock.highest >= last)
            }
        }
    }

    @Test func `a time has 48 bits of milliseconds and 16 of counter`() {
        let time = HybridTime(milliseconds: (1 << 48) - 1, counter: 0xABCD)
        #expect(time.raw == 0xFFFF_FFFF_FFFF_ABCD)
        #expect(time.milliseconds == (1 << 48) - 1)
        #expect(time.counter == 0xABCD)
        #expect("\(HybridTime(milliseconds: 12, counter: 3))" == "12.3")
    }

    @Test func `more than 48 bits of milliseconds is our own mistake`() async {
        await #expect(processExitsWith: .failure) {
            _ = HybridTime(milliseconds: 1 << 48)
        }
    }

    @Test func `stamps order by time, then by replica; writes then by seq`() {
        let early = HybridTime(milliseconds: 1)
        let late = HybridTime(milliseconds: 1, counter: 1)
        let (one, two) = (replicaNumbered(1), replicaNumbered(2))
        let rising = [
            Stamp(time: early, replica: one), Stamp(time: early, replica: two),
            Stamp(time: late, replica: one),
        ]
        #expect(permutations(rising).allSatisfy { $0.sorted() == rising })
        let writes = rising.flatMap { [Write(stamp: $0, seq: 1), Write(stamp: $0, seq: 9)] }
        #expect(writes.reversed().sorted() == writes)
        #expect(writes.map(\.stamp) == rising.flatMap { [$0, $0] })
    }
}
