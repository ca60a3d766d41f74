import FikaSync

/// Why a connection's part of a turn is dropped; nothing of it was written.
struct Violation: Error {
    let failure: Failure

    init(_ failure: Failure) {
        self.failure = failure
    }

    init(_ code: Failure.Code, _ reason: String) {
        failure = Failure(code, reason)
    }
}
