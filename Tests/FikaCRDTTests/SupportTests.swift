import FikaSimulation
import FikaTestSupport
import Testing

/// The helpers that every other generated test leans on.
@Suite struct SupportTests {
    @Test func `SplitMix64 gives the published numbers`() {
        var generator = SplitMix64(seed: 1_234_567)
        let numbers = (0..<3).map { _ in generator.next() }
        #expect(
            numbers == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ])
    }

    @Test func `forAll stops at the first failing case and names its seed`() {
        var runs = 0
        withKnownIssue {
            forAll(seed: 10, count: 50) { _ in
                runs += 1
                #expect(runs < 4)
            }
        } matching: { issue in
            issue.comments.isEmpty || issue.comments.contains { $0.rawValue.contains("seed 13;") }
        }
        #expect(runs == 4)
    }

    @Test func `a failing list of actions shrinks to what is needed`() {
        let list = Array(0..<100)
        var runs = 0
        let small = shrink(list) { part in
            runs += 1
            return part.contains(17) && part.contains(71)
        }
        #expect(small == [17, 71])
        #expect(runs < 200)
        #expect(shrink([1, 2, 3]) { _ in true } == [])
        #expect(shrink([1, 2, 3]) { $0.count == 3 } == [1, 2, 3])
    }

    @Test func `a generated list of actions that fails is reported small`() {
        withKnownIssue {
            forAll(count: 20, actions: { $0.array(count: 50...50) { $0.number(in: 0...9) } }) {
                #expect(!$0.contains(7))
            }
        } matching: { issue in
            issue.comments.isEmpty
                || issue.comments.contains { $0.rawValue.contains("1 of 50 actions suffice") }
        }
    }

    @Test func `damage is the same for the same seed`() {
        let bytes = Array(UInt8(0)...99)
        var one = SplitMix64(seed: 5)
        var two = SplitMix64(seed: 5)
        let damaged = one.damaged(bytes)
        #expect(damaged == two.damaged(bytes))
        #expect(damaged != bytes)
    }
}
