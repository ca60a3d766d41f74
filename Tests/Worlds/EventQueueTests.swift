import FikaSimulation
import FikaTestSupport
import Testing

struct EventQueueTests {
    @Test func `events come by time, and of one time in the order in which they were added`() {
        forAll { random in
            let times = random.array(count: 0...60) { UInt64($0.number(in: 0...9)) }
            var queue = EventQueue<Int>()
            for (index, time) in times.enumerated() { queue.add(index, at: time) }
            var order: [Int] = []
            while let next = queue.next() { order.append(next.event) }
            let expected = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
            #expect(order == expected)
        }
    }

    @Test func `nothing after the limit is taken`() {
        var queue = EventQueue<String>()
        queue.add("late", at: 9)
        queue.add("early", at: 4)
        #expect(queue.next(until: 8)?.event == "early")
        #expect(queue.next(until: 8) == nil)
        #expect(queue.nextTime == 9)
    }
}
