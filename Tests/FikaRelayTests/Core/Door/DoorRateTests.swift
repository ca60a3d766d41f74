import FikaRelay
import FikaSimulation
import FikaTestSupport
import Testing

@Suite struct DoorRateTests {
    @Test func `U4: at the limit ops are taken, above it refused until a second's worth is there`()
    {
        var rate = DoorRate(perSecond: 10, atOnce: 100, now: 5000)
        for _ in 0..<100 { #expect(rate.take(1, now: 5000) == nil) }
        #expect(rate.take(1, now: 5000) == 1000)
        #expect(rate.take(1, now: 5400) == 600)
        #expect(rate.take(1, now: 5999) == 1)
        for _ in 0..<10 { #expect(rate.take(1, now: 6000) == nil) }
        #expect(rate.take(1, now: 6000) == 1000)
    }

    @Test func `U4: the last batch may overdraw, and what it owes is waited for`() {
        var rate = DoorRate(perSecond: 10, atOnce: 100, now: 0)
        #expect(rate.take(1024, now: 0) == nil)
        #expect(rate.take(1, now: 0) == 92_400 + 1000)
        #expect(rate.take(1, now: 93_399) == 1)
        #expect(rate.take(1, now: 93_400) == nil)
    }

    @Test func `far above the limit nothing overflows`() {
        var rate = DoorRate(perSecond: .max, atOnce: .max, now: 0)
        #expect(rate.take(.max, now: 0) == nil)
        #expect(rate.take(.max, now: .max / 2) == nil)
        #expect(rate.take(.max, now: .max - 2000) == nil)
    }

    @Test func `a rate that was left alone is full again, and can be forgotten`() {
        var rate = DoorRate(perSecond: 10, atOnce: 100, now: 0)
        #expect(rate.isFull(now: 0))
        #expect(rate.take(5, now: 0) == nil)
        #expect(!rate.isFull(now: 499))
        #expect(rate.isFull(now: 500))
    }

    @Test func `U4: in the long run no more than the rate comes through, however it is asked`() {
        forAll(count: 100) { random in
            var rate = DoorRate(perSecond: 50, atOnce: 500, now: 0)
            var (now, taken) = (UInt64(0), UInt64(0))
            for _ in 0..<300 {
                now += UInt64(random.number(in: 0..<400))
                let count = UInt64(random.number(in: 1..<21))
                if rate.take(count, now: now) == nil { taken += count }
            }
            #expect(taken <= 500 + 20 + now * 50 / 1000)
        }
    }
}
