/// What a verification looked at and found.
package struct VerifyReport: Hashable, Sendable {
    package var logs = 0
    package var replicas = 0
    package var segments = 0
    package var ops = 0
    package var seals = 0
    /// Ops that are written but not sealed, so not yet vouched for.
    package var unsealed = 0
    /// Bodies that are to be destroyed and are not yet.
    package var erasuresPending = 0
    /// Bodies that were destroyed.
    package var erasuresDone = 0
    package var problems: [StoreProblem] = []

    package init() {}

    package var isGood: Bool { problems.isEmpty }
}
