import Fika
import FikaNet
import Testing

struct ObservedTests {
    @Test func `a slow reader gets the newest value alone`() async {
        let latest = LatestValue(1)
        var iterator = Observed(latest).makeAsyncIterator()
        #expect(await iterator.next() == 1)
        for number in 2...1000 { latest.update { $0 = number } }
        #expect(await iterator.next() == 1000)
        latest.finish()
        #expect(await iterator.next() == nil)
    }

    @Test func `what was set last before the end is still given`() async {
        let latest = LatestValue(1)
        var iterator = Observed(latest).makeAsyncIterator()
        #expect(await iterator.next() == 1)
        latest.update { $0 = 2 }
        latest.finish()
        latest.update { $0 = 3 }
        #expect(await iterator.next() == 2)
        #expect(await iterator.next() == nil)
    }

    @Test(.timeLimit(.minutes(5)))
    func `every one of many readers gets to the last value`() async {
        let latest = LatestValue(0)
        let sums = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    var last = 0
                    for await number in Observed(latest) {
                        #expect(number >= last)
                        last = number
                        if number == 500 { break }
                    }
                    return last
                }
            }
            group.addTask {
                for number in 1...500 {
                    latest.update { $0 = number }
                    await Task.yield()
                }
                return 500
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(sums == Array(repeating: 500, count: 21))
    }

    @Test(.timeLimit(.minutes(5)))
    func `a cancelled reader ends, whenever the cancelling comes`() async {
        let latest = LatestValue(0)
        for _ in 0..<200 {
            let task = Task {
                var count = 0
                for await _ in Observed(latest) { count += 1 }
                return count
            }
            await Task.yield()
            task.cancel()
            #expect(await task.value <= 1)
        }
        latest.update { $0 = 1 }
        #expect(latest.value == 1)
    }

    @Test func `what repeats is left out, and the end can be an element`() async {
        let latest = LatestValue("a")
        let observed = Observed(latest).withoutRepetitions.through { $0 == "c" }
        var iterator = observed.makeAsyncIterator()
        #expect(await iterator.next() == "a")
        latest.update { $0 = "a" }
        latest.update { $0 = "b" }
        #expect(await iterator.next() == "b")
        latest.update { $0 = "c" }
        #expect(await iterator.next() == "c")
        #expect(await iterator.next() == nil)
    }
}
