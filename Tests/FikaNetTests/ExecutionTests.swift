import FikaNet
import Testing

@Suite(.timeLimit(.minutes(5))) struct ExecutionTests {
    @Test func `who watches a value late sees the newest one alone`() async {
        let observed = LatestValue(1)
        observed.set(2)
        observed.set(3)
        var values = observed.values.makeAsyncIterator()
        #expect(await values.next() == 3)
        observed.set(4)
        observed.set(5)
        #expect(await values.next() == 5)
        observed.set(6)
        observed.finish()
        observed.set(7)
        #expect(await values.next() == 6)
        #expect(await values.next() == nil)
    }

    @Test func `all who wait for a value are woken`() async {
        let observed = LatestValue(0)
        let seen = await withTaskGroup(of: Int.self) { group in
            for _ in 1...8 {
                group.addTask {
                    for await value in observed.values where value > 0 { return value }
                    return -1
                }
            }
            observed.set(9)
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(seen == Array(repeating: 9, count: 8))
    }

    @Test func `a cancelled task waits no longer for a value`() async {
        let observed = LatestValue(0)
        let task = Task {
            var count = 0
            for await _ in observed.values { count += 1 }
            return count
        }
        task.cancel()
        #expect(await task.value <= 1)
    }

    @Test func `an inbox hands over everything once, in order, in batches`() async {
        let queue = SerialQueue("test")
        let batches = LatestValue<[[Int]]>([])
        let inbox = Inbox<Int>(queue)
        inbox.add(0)
        inbox.open { events in batches.set(batches.value + [events]) }
        for number in 1...1000 { inbox.add(number) }
        var seen: [[Int]] = []
        for await value in batches.values {
            seen = value
            if value.joined().count == 1001 { break }
        }
        #expect(Array(seen.joined()) == Array(0...1000))
        #expect(seen.allSatisfy { !$0.isEmpty })
    }

    private actor Counter {
        private let queue = SerialQueue("counter")
        private(set) var count = 0

        nonisolated var unownedExecutor: UnownedSerialExecutor {
            queue.asUnownedSerialExecutor()
        }

        func add() { count += 1 }

        nonisolated func addLater() {
            queue.run { self.assumeIsolated { $0.add() } }
        }
    }

    @Test func `an actor on a serial queue is entered by calls and by what runs on the queue`()
        async
    {
        let counter = Counter()
        for _ in 1...100 {
            counter.addLater()
            await counter.add()
        }
        #expect(await counter.count == 200)
    }
}
