import ArgumentParser
import Fika

/// Turns errors into one clear line and an exit code.
enum Failure {
    static func reporting(
        _ body: () async throws(FikaError) -> Void
    ) async throws {
        do throws(FikaError) {
            try await body()
        } catch {
            StandardError.write("fika: \(PlainText.oneLine(error.message))\n")
            throw ProgramStatus(error).code
        }
    }
}
