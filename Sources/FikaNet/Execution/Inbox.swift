import Synchronization

/// Gathers events for somebody who works on a queue of its own, and hands them over in batches:
/// all that came while the last batch was worked on are the next one.
package final class Inbox<Event: Sendable>: Sendable {
    private struct State {
        var events: [Event] = []
        var isScheduled = false
    }

    private let state = Mutex(State())
    private let queue: SerialQueue
    private let take: @Sendable ([Event]) -> Void

    /// Creates an empty inbox; `take` runs on the queue.
    package init(_ queue: SerialQueue, take: @escaping @Sendable ([Event]) -> Void) {
        self.queue = queue
        self.take = take
    }

    package func add(_ event: Event) {
        let mustSchedule = state.withLock { state in
            state.events.append(event)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if mustSchedule { schedule() }
    }

    private func schedule() {
        queue.run { [self] in
            let events = state.withLock { state in
                state.isScheduled = false
                let events = state.events
                state.events = []
                return events
            }
            take(events)
        }
    }
}
