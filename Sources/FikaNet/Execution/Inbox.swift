import Synchronization

/// Gathers events for somebody who works on a queue of its own, and hands them over in batches:
/// all that came while the last batch was worked on are the next one.
package final class Inbox<Event: Sendable>: Sendable {
    private struct State {
        var events: [Event] = []
        var isScheduled = false
        var take: (@Sendable ([Event]) -> Void)?
    }

    private let state = Mutex(State())
    private let queue: SerialQueue

    /// Creates an empty inbox; what comes waits until it is opened.
    package init(_ queue: SerialQueue) {
        self.queue = queue
    }

    /// Hands over what came and what comes, on the queue.
    package func open(_ take: @escaping @Sendable ([Event]) -> Void) {
        let mustSchedule = state.withLock { state in
            state.take = take
            return Self.mustSchedule(&state)
        }
        if mustSchedule { schedule() }
    }

    /// Hands over nothing any more, and lets go of who took it.
    package func close() {
        state.withLock { state in
            state.take = nil
            state.events = []
        }
    }

    package func add(_ event: Event) {
        let mustSchedule = state.withLock { state in
            state.events.append(event)
            return Self.mustSchedule(&state)
        }
        if mustSchedule { schedule() }
    }

    private static func mustSchedule(_ state: inout State) -> Bool {
        guard state.take != nil, !state.events.isEmpty, !state.isScheduled else { return false }
        state.isScheduled = true
        return true
    }

    private func schedule() {
        queue.run { [self] in
            let (events, take) = state.withLock { state in
                state.isScheduled = false
                defer { state.events = [] }
                return (state.events, state.take)
            }
            take?(events)
        }
    }
}
