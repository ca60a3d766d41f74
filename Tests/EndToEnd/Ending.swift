import Foundation
import Testing

/// Ends of programs that tests start.
enum Ending {
    /// The code of a program in which the thread sanitizer named a race, whatever else it did.
    static let race: Int32 = 66

    /// Waits for a program that is to end, and gives its exit code; where it ended badly by
    /// itself, what it said is shown: its files go with the test.
    static func code(of process: Process, said: () throws -> String) rethrows -> Int32 {
        process.waitUntilExit()
        let status = process.terminationStatus
        if process.terminationReason == .exit, status != 0 {
            Issue.record("it ended with \(status) and said: \(try said())")
        }
        return status
    }

    /// Shows what a program said in which a race was seen; all other codes are for a test to judge.
    static func lookForRace(_ status: Int32, said errors: String) {
        if status == race { Issue.record("the thread sanitizer says: \(errors)") }
    }

    /// What programs find in their environment beside what a test gives them: without its
    /// settings the sanitizer sees races in what it does not know.
    static var settings: [String: String] {
        ProcessInfo.processInfo.environment.filter { $0.key == "TSAN_OPTIONS" }
    }
}
