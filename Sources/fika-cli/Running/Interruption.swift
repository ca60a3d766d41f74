import Dispatch
import Glibc

/// Lets work that has no end of its own be ended by Ctrl-C, or by the system's SIGTERM.
enum Interruption {
    /// Runs a body; a signal cancels it, and then it ends as if it had come to its end.
    static func ending<Failure: Error>(
        _ body: @escaping @Sendable () async throws(Failure) -> Void
    ) async throws(Failure) {
        let task = Task { () async -> Result<Void, Failure> in
            do throws(Failure) {
                return .success(try await body())
            } catch {
                return .failure(error)
            }
        }
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { task.cancel() }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        try await task.value.get()
    }
}
