/// The passing of time, as a workspace sees it.
package struct Timing: Sendable {
    /// Time since some moment, never going back.
    package let now: @Sendable () -> Duration
    /// Waits; throws when the task is cancelled.
    package let sleep: @Sendable (Duration) async throws -> Void
    /// How often a store that another process writes is asked whether it has changed.
    package let pollInterval: Duration

    package init(
        now: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void, pollInterval: Duration
    ) {
        self.now = now
        self.sleep = sleep
        self.pollInterval = pollInterval
    }

    /// Time by a clock.
    package init<C: Clock>(_ clock: C, pollInterval: Duration) where C.Duration == Duration {
        let start = clock.now
        now = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0) }
        self.pollInterval = pollInterval
    }

    /// This machine's.
    package static let system = Timing(ContinuousClock(), pollInterval: .milliseconds(200))
}
