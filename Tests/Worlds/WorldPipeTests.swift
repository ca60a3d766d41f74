import FikaSimulation
import FikaTestSupport
import Testing

struct WorldPipeTests {
    @Test func `bytes never overtake each other`() {
        var pipe = WorldPipe()
        #expect(pipe.send([1, 2], due: 50) == 50)
        #expect(pipe.send([3], due: 20) == 50)
        #expect(pipe.arrive(now: 49) == [])
        #expect(pipe.arrive(now: 50) == [1, 2, 3])
    }

    @Test func `a cut keeps the first bytes, later, and loses all that is sent after it`() {
        var pipe = WorldPipe()
        _ = pipe.send([1, 2, 3], due: 10)
        _ = pipe.send([4, 5, 6], due: 20)
        #expect(pipe.cut(keeping: 4, delayedBy: 100) == [110, 120])
        #expect(pipe.send([7], due: 30) == nil)
        #expect(pipe.end(due: 30) == nil)
        #expect(pipe.arrive(now: 119) == [1, 2, 3])
        #expect(pipe.arrive(now: 120) == [4])
        #expect(pipe.byteCount == 0)
    }

    @Test func `the end of a pipe comes behind its last byte`() {
        var pipe = WorldPipe()
        _ = pipe.send([1], due: 40)
        #expect(pipe.end(due: 5) == 40)
        #expect(pipe.send([2], due: 50) == nil)
        #expect(pipe.arrive(now: 40) == [1])
    }
}
