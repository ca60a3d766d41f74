/// What is to happen, by time; of what happens at one time, what was added first comes first.
package struct EventQueue<Event> {
    private struct Entry {
        var time: UInt64
        var serial: UInt64
        var event: Event

        func precedes(_ other: Entry) -> Bool {
            time != other.time ? time < other.time : serial < other.serial
        }
    }

    /// A binary heap: none is before its parent, which stands at half its index.
    private var heap: [Entry] = []
    private var added: UInt64 = 0

    package init() {}

    package var nextTime: UInt64? { heap.first?.time }
    package var count: Int { heap.count }

    package mutating func add(_ event: Event, at time: UInt64) {
        heap.append(Entry(time: time, serial: added, event: event))
        added += 1
        var index = heap.count - 1
        while index > 0, heap[index].precedes(heap[(index - 1) / 2]) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    /// Takes the first event; nil when there is none at or before `limit`.
    package mutating func next(until limit: UInt64 = .max) -> (time: UInt64, event: Event)? {
        guard let first = heap.first, first.time <= limit else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return (first.time, first.event)
    }

    private mutating func sink() {
        var index = 0
        while true {
            let children = [2 * index + 1, 2 * index + 2].filter { $0 < heap.count }
            guard let least = children.min(by: { heap[$0].precedes(heap[$1]) }),
                heap[least].precedes(heap[index])
            else { return }
            heap.swapAt(index, least)
            index = least
        }
    }
}
