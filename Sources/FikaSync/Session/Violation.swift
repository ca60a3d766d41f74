/// A rule that the other end broke; within a session only, outside it is an action.
struct Violation: Error {
    let failure: Failure

    init(_ failure: Failure) {
        self.failure = failure
    }

    init(_ code: Failure.Code, _ reason: String) {
        failure = Failure(code, reason)
    }
}
