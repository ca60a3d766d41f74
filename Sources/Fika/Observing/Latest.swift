import Synchronization

/// A value that changes, and the tasks that wait for its next one.
///
/// Only the last value is kept, however slow those are who read it.
package final class Latest<Value: Sendable>: Sendable {
    /// A value and how often it was set before.
    package struct Version: Sendable {
        package var number: UInt64
        package var value: Value
    }

    private struct State {
        var value: Value
        /// 1 from the beginning, so that who has seen 0 gets the first value.
        var number: UInt64 = 1
        var isFinished = false
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextTicket: UInt64 = 0
    }

    private let state: Mutex<State>

    package init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    /// The last value.
    package var value: Value { state.withLock { $0.value } }

    /// Whether it was not ended.
    package var isOpen: Bool { state.withLock { !$0.isFinished } }

    /// The newest value, when it is newer than one that was seen.
    package func newer(than seen: UInt64) -> Version? {
        state.withLock { state in
            state.number > seen ? Version(number: state.number, value: state.value) : nil
        }
    }

    /// Changes the value; who waits gets it, unless it changes again before they look.
    package func update(_ body: (inout Value) -> Void) {
        let waiting = state.withLock { state in
            guard !state.isFinished else { return [UInt64: CheckedContinuation<Void, Never>]() }
            body(&state.value)
            state.number += 1
            return Self.takeWaiting(&state)
        }
        for continuation in waiting.values { continuation.resume() }
    }

    /// Ends it: who has seen the last value gets no more.
    package func finish() {
        let waiting = state.withLock { state in
            state.isFinished = true
            return Self.takeWaiting(&state)
        }
        for continuation in waiting.values { continuation.resume() }
    }

    /// The newest value once it is newer than one that was seen.
    ///
    /// Returns nil when there will be none, or when the task is cancelled.
    package func next(after seen: UInt64) async -> Version? {
        while !Task.isCancelled {
            // In this order: what was set last before the end is still given.
            let isOver = !isOpen
            if let version = newer(than: seen) { return version }
            if isOver { return nil }
            await change(after: seen)
        }
        return nil
    }

    /// Waits until the value is newer than one that was seen, or there is no more to wait for.
    private func change(after seen: UInt64) async {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    // A cancelling that came before this looks in vain for the ticket.
                    guard state.number <= seen, !state.isFinished, !Task.isCancelled else {
                        return false
                    }
                    state.waiting[ticket] = continuation
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume()
        }
    }

    private static func takeWaiting(
        _ state: inout State
    ) -> [UInt64: CheckedContinuation<Void, Never>] {
        defer { state.waiting = [:] }
        return state.waiting
    }
}
