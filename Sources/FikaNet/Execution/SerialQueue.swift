import Dispatch

/// A serial queue of the system as an actor's executor: its blocking calls (a commit waits for the
/// disk) hold up neither an event loop nor the threads that all tasks share.
package final class SerialQueue: SerialExecutor {
    private let queue: DispatchQueue

    package init(_ label: String) {
        queue = DispatchQueue(label: label)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    /// Lets `assumeIsolated` know that code which ``run(_:)`` runs is on this executor.
    package func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }

    /// Runs a body after all that was given before.
    package func run(_ body: @escaping @Sendable () -> Void) {
        queue.async(execute: body)
    }
}
