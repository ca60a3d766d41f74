import Synchronization
import Testing

/// Finds out whether a piece of a test records issues.
///
/// Swift Testing tells a test nothing of its own issues; the matcher of a known issue does see
/// each of them, and may leave them as they are.
package final class IssueWatch: Sendable {
    private let seen = Atomic(false)

    package init() {}

    /// Whether an issue was recorded under this watch.
    package var sawIssue: Bool { seen.load(ordering: .relaxed) }

    /// Runs a piece of a test; what it throws is recorded as an issue.
    ///
    /// - Parameters:
    ///   - quietly: Whether issues are only noticed and not held against the test.
    ///   - body: The piece of the test.
    package func run(quietly: Bool = false, _ body: () throws -> Void) {
        withKnownIssue(isIntermittent: true) {
            do { try body() } catch { Self.record(error) }
        } matching: { _ in
            self.seen.store(true, ordering: .relaxed)
            return quietly
        }
    }

    /// Runs an asynchronous piece of a test; what it throws is recorded as an issue.
    package func run(_ body: () async throws -> Void) async {
        await withKnownIssue(isIntermittent: true) {
            do { try await body() } catch { Self.record(error) }
        } matching: { _ in
            self.seen.store(true, ordering: .relaxed)
            return false
        }
    }

    /// A failed `#require` has been recorded where it stands; any other error has not.
    private static func record(_ error: any Error) {
        if !(error is ExpectationFailedError) { Issue.record(error) }
    }
}
