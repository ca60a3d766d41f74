import Synchronization

/// A value that others watch: each sees the newest one and never a queue of old ones.
///
/// Who is slow skips values and costs nothing. The sequence ends after ``finish()``, once the last
/// value was seen.
package final class LatestValue<Value: Sendable>: Sendable {
    private struct State {
        var value: Value
        var version: UInt64 = 1
        var isFinished = false
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter: UInt64 = 0
    }

    private let state: Mutex<State>

    package init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    /// The newest value.
    package var value: Value { state.withLock { $0.value } }

    /// The newest value, then each that comes; those that came while nobody looked are skipped.
    package var values: Values { Values(observed: self) }

    package func set(_ value: Value) {
        wake { state in
            state.value = value
            state.version += 1
        }
    }

    /// Ends all sequences.
    package func finish() {
        wake { $0.isFinished = true }
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            guard !state.isFinished else { return [UInt64: CheckedContinuation<Void, Never>]() }
            change(&state)
            defer { state.waiters = [:] }
            return state.waiters
        }
        for (_, waiter) in waiters.sorted(by: { $0.key < $1.key }) { waiter.resume() }
    }

    fileprivate enum Look {
        case value(Value, version: UInt64)
        case end
        case nothingNew
    }

    fileprivate func look(after version: UInt64) -> Look {
        state.withLock { state in
            if state.version > version { return .value(state.value, version: state.version) }
            return state.isFinished ? .end : .nothingNew
        }
    }

    /// Returns once there is something new, or the task was cancelled.
    fileprivate func wait(after version: UInt64) async {
        let waiter = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isNeedless = state.withLock { state in
                    if state.version > version || state.isFinished || Task.isCancelled {
                        return true
                    }
                    state.waiters[waiter] = continuation
                    return false
                }
                if isNeedless { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: waiter) }?.resume()
        }
    }

    /// The values as a sequence; every iterator is on its own.
    package struct Values: AsyncSequence, Sendable {
        package typealias Element = Value
        package typealias Failure = Never

        fileprivate let observed: LatestValue

        package func makeAsyncIterator() -> Iterator { Iterator(observed: observed) }

        package struct Iterator: AsyncIteratorProtocol {
            fileprivate let observed: LatestValue
            private var version: UInt64 = 0

            fileprivate init(observed: LatestValue) {
                self.observed = observed
            }

            /// Returns nil at the end, and when the task was cancelled.
            package mutating func next() async -> Value? {
                while !Task.isCancelled {
                    switch observed.look(after: version) {
                    case .value(let value, let newest):
                        version = newest
                        return value
                    case .end: return nil
                    case .nothingNew: await observed.wait(after: version)
                    }
                }
                return nil
            }
        }
    }
}
