package import FikaSimulation
package import Testing

/// Checks a property on `count` generated cases and stops at the first that fails.
///
/// The property draws its case from the generator and uses `#expect`, `#require` or a throw. On
/// failure the seed of that case is printed with the command that replays it.
package func forAll(
    seed: UInt64 = 1, count: Int = 200, sourceLocation: SourceLocation = #_sourceLocation,
    _ property: (inout SplitMix64) throws -> Void
) {
    for caseSeed in Seeds(seed, count: count) {
        let watch = IssueWatch()
        watch.run {
            var generator = SplitMix64(seed: caseSeed)
            try property(&generator)
        }
        guard !watch.sawIssue else {
            Issue.record(Seeds.replay(caseSeed), sourceLocation: sourceLocation)
            return
        }
    }
}

/// Checks an asynchronous property on `count` generated cases and stops at the first that fails.
package func forAll(
    seed: UInt64 = 1, count: Int = 200, sourceLocation: SourceLocation = #_sourceLocation,
    _ property: (inout SplitMix64) async throws -> Void
) async {
    for caseSeed in Seeds(seed, count: count) {
        let watch = IssueWatch()
        await watch.run {
            var generator = SplitMix64(seed: caseSeed)
            try await property(&generator)
        }
        guard !watch.sawIssue else {
            Issue.record(Seeds.replay(caseSeed), sourceLocation: sourceLocation)
            return
        }
    }
}

/// Checks a property on generated lists of actions; one that fails is made small and shown.
///
/// - Parameters:
///   - seed: The seed of the first case.
///   - count: The number of cases.
///   - sourceLocation: Where the failure is reported.
///   - actions: Draws a list.
///   - property: Runs a list, always in the same way, and expects what must hold.
package func forAll<Action>(
    seed: UInt64 = 1, count: Int = 200, sourceLocation: SourceLocation = #_sourceLocation,
    actions: Gen<[Action]>, _ property: ([Action]) throws -> Void
) {
    for caseSeed in Seeds(seed, count: count) {
        var generator = SplitMix64(seed: caseSeed)
        let list = actions(&generator)
        guard fails(list, property) else { continue }
        let small = shrink(list) { fails($0, property) }
        IssueWatch().run { try property(small) }
        let lines = small.map { "\n  \($0)" }.joined()
        Issue.record(
            "\(Seeds.replay(caseSeed)); \(small.count) of \(list.count) actions suffice:\(lines)",
            sourceLocation: sourceLocation)
        return
    }
}

private func fails<Action>(_ list: [Action], _ property: ([Action]) throws -> Void) -> Bool {
    let watch = IssueWatch()
    watch.run(quietly: true) { try property(list) }
    return watch.sawIssue
}
