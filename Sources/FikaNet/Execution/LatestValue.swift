import Synchronization

/// A value that changes, and the tasks that wait for its next one.
///
/// Only the last value is kept: who is slow skips values and costs nothing.
package final class LatestValue<Value: Sendable>: Sendable {
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

    /// The newest value, then each that comes, up to the one that was set last before the end.
    ///
    /// Those that came while nobody looked are skipped; every iterator is on its own.
    package var values: LatestValues<Value> { LatestValues(self) }

    /// Sets another value.
    package func set(_ value: Value) { update { $0 = value } }

    /// Changes the value; who waits gets it, unless it changes again before they look.
    package func update(_ body: (inout Value) -> Void) {
        wake { state in
            body(&state.value)
            state.number += 1
        }
    }

    /// Ends it: who has seen the last value gets no more.
    package func finish() {
        wake { $0.isFinished = true }
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiting = state.withLock { state in
            guard !state.isFinished else { return [UInt64: CheckedContinuation<Void, Never>]() }
            change(&state)
            defer { state.waiting = [:] }
            return state.waiting
        }
        for (_, continuation) in waiting.sorted(by: { $0.key < $1.key }) { continuation.resume() }
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
}
