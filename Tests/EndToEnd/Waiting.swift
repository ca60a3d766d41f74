import Testing

/// Waits for what other processes bring about.
enum Waiting {
    struct InVain: Error {
        let what: String
    }

    /// Looks again and again until there is something; a minute is far more than it takes.
    static func until<Value>(
        _ what: String, _ look: () async throws -> Value?
    ) async throws -> Value {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(60)
        while clock.now < end {
            if let value = try await look() { return value }
            try await clock.sleep(for: .milliseconds(20))
        }
        throw InVain(what: what)
    }
}
