import FikaSimulation
import Synchronization
import Testing

struct WorkersTests {
    @Test(arguments: 1...3)
    func `results come in the order of the numbers, whoever is faster`(threads: Int) {
        let taken = Mutex<[Int]>([])
        Workers.run(200, on: threads) { number in
            // Every third number takes longer.
            let rounds = number % 3 == 0 ? 20_000 : 1
            return (0..<rounds).reduce(number) { sum, round in sum ^ round ^ round }
        } take: { output in
            taken.withLock { $0.append(output) }
            return true
        }
        #expect(taken.withLock { $0 } == Array(0..<200))
    }

    @Test(arguments: 1...3)
    func `nothing is taken after the word to stop`(threads: Int) {
        let taken = Mutex<[Int]>([])
        Workers.run(.max, on: threads) {
            $0
        } take: { output in
            taken.withLock { $0.append(output) }
            return output < 9
        }
        #expect(taken.withLock { $0 } == Array(0...9))
    }
}
