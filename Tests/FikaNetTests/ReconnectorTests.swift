import FikaSimulation
import FikaNet
import FikaTestSupport
import Testing

@Suite struct ReconnectorTests {
    /// Draws the longest of every range.
    private struct Longest: RandomNumberGenerator {
        mutating func next() -> UInt64 { .max }
    }

    private var longest = Longest()

    @Test mutating func `L3: the wait doubles from half a second to half a minute`() {
        var reconnector = Reconnector()
        var waits: [UInt64] = []
        for _ in 1...9 {
            waits.append(reconnector.lost(at: 0, using: &longest))
            reconnector.started()
        }
        #expect(waits == [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000])
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `L3: full jitter waits anything up to the longest`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let waits = (1...400).map { _ in
            var reconnector = Reconnector()
            return reconnector.lost(at: 0, using: &generator)
        }
        #expect(waits.allSatisfy { $0 <= 500 })
        #expect((waits.min() ?? 500) < 50)
        #expect((waits.max() ?? 0) > 450)
    }

    @Test mutating func `a connection that lasted starts the waits anew, one that did not counts`()
    {
        var reconnector = Reconnector()
        #expect(reconnector.lost(at: 0, using: &longest) == 500)
        reconnector.started()
        reconnector.connected(at: 1000)
        #expect(reconnector.lost(at: 5999, using: &longest) == 1000)
        reconnector.started()
        reconnector.connected(at: 7000)
        #expect(reconnector.lost(at: 12000, using: &longest) == 500)
    }

    @Test mutating func `L2: nobody comes back sooner than a goodbye asked for`() {
        var reconnector = Reconnector()
        reconnector.connected(at: 0)
        #expect(reconnector.lost(at: 9000, retryAfter: 2000, using: &longest) == 2500)
    }

    @Test mutating func `L3: a local op ends the wait only after five seconds of silence`() {
        var reconnector = Reconnector()
        _ = reconnector.lost(at: 0, using: &longest)
        #expect(reconnector.trigger(.localOp, at: 100) == 0)
        reconnector.started()
        #expect(reconnector.trigger(.localOp, at: 200) == nil)
        #expect(reconnector.lost(at: 300, using: &longest) == 500)
        #expect(reconnector.trigger(.localOp, at: 5199) == nil)
        #expect(reconnector.trigger(.localOp, at: 10_198) == nil)
        #expect(reconnector.trigger(.localOp, at: 15_198) == 0)
    }

    @Test(arguments: [Reconnector.Trigger.networkChanged, .wish])
    mutating func `L3: another network or a wish ends the wait and starts the waits anew`(
        trigger: Reconnector.Trigger
    ) {
        var reconnector = Reconnector()
        for _ in 1...5 { _ = reconnector.lost(at: 0, using: &longest) }
        #expect(reconnector.trigger(trigger, at: 10) == 0)
        reconnector.started()
        #expect(reconnector.lost(at: 20, using: &longest) == 500)
    }

    @Test mutating func `nothing hurries an attempt that is under way or a connection`() {
        var reconnector = Reconnector()
        #expect(reconnector.trigger(.wish, at: 0) == nil)
        reconnector.connected(at: 1)
        #expect(reconnector.trigger(.networkChanged, at: 2) == nil)
    }

    @Test mutating func `after a refusal only a wish helps`() {
        var reconnector = Reconnector()
        reconnector.refused()
        #expect(reconnector.trigger(.networkChanged, at: 0) == nil)
        #expect(reconnector.trigger(.localOp, at: 0) == nil)
        #expect(reconnector.trigger(.wish, at: 0) == 0)
    }
}
