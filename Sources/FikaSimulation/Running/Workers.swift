import Dispatch
import Synchronization

/// Does the same with many numbers on some threads, and hands the results on in their order.
///
/// What is handed on does not depend on how many threads there are, nor on which is faster.
package enum Workers {
    private struct State<Output> {
        var next = 0
        var handed = 0
        var waiting: [Int: Output] = [:]
        var isOver = false
    }

    /// Works on the numbers from 0.
    ///
    /// - Parameters:
    ///   - count: How many numbers there are.
    ///   - threads: How many threads, the calling one among them.
    ///   - work: Makes the result of one number; called by several threads at once.
    ///   - take: Takes one result, the first number's first, and says whether to go on; called by
    ///     one thread at a time. What was begun ahead of the last one taken is dropped.
    package static func run<Output: Sendable>(
        _ count: Int, on threads: Int, work: @Sendable (Int) -> Output,
        take: @Sendable (Output) -> Bool
    ) {
        let state = Mutex(State<Output>())
        DispatchQueue.concurrentPerform(iterations: max(threads, 1)) { _ in
            while let number = next(of: count, state) {
                let output = work(number)
                state.withLock { state in
                    state.waiting[number] = output
                    while !state.isOver,
                        let output = state.waiting.removeValue(
                            forKey: state.handed)
                    {
                        state.handed += 1
                        if !take(output) { state.isOver = true }
                    }
                }
            }
        }
    }

    private static func next<Output>(
        of count: Int, _ state: borrowing Mutex<State<Output>>
    ) -> Int? {
        state.withLock { state in
            guard !state.isOver, state.next < count else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }
}
