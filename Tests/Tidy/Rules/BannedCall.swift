/// Something that code here does not say, and what it says instead.
struct BannedCall: Sendable {
    /// The tokens, one after the other.
    let pattern: [String]
    /// What to do instead.
    let instead: String
    /// Where it is banned.
    let areas: Set<Area>
}

extension BannedCall {
    private static let everywhere: Set<Area> = [
        .pure, .edge, .program, .tests, .benchmarks, .package,
    ]
    private static let libraries: Set<Area> = [.pure, .edge]
    private static let shipped: Set<Area> = [.pure, .edge, .program]

    private static let clock = "take the time as a value, or from a clock that is handed in"
    private static let ticks = "a pure target is told the time as a value"
    private static let tasks = "a pure target is synchronous: return what is to be done"
    private static let trap = "use precondition with a sentence, or throw a typed error"
    private static let wait = "wait for the event itself; timers go through a clock handed in"

    private static let lock = "put the function into a struct: bare, it grows with each locking"

    static let all: [BannedCall] = [
        BannedCall(["Date", "(", ")"], instead: clock, in: everywhere),
        BannedCall(["Date", ".", "now"], instead: clock, in: everywhere),
        BannedCall(["Date", ".", "init"], instead: clock, in: everywhere),
        BannedCall(["timeIntervalSinceNow"], instead: clock, in: everywhere),
        BannedCall(["CFAbsoluteTimeGetCurrent"], instead: clock, in: everywhere),

        BannedCall(["Task", ".", "sleep"], instead: wait, in: everywhere),
        BannedCall(["Thread", ".", "sleep"], instead: wait, in: everywhere),
        BannedCall(["sleep", "("], instead: wait, in: everywhere),
        BannedCall(["usleep", "("], instead: wait, in: everywhere),
        BannedCall(["nanosleep", "("], instead: wait, in: everywhere),

        BannedCall(["try", "!"], instead: "handle the error; in a test: try", in: everywhere),
        BannedCall(
            ["as", "!"], instead: "use as? and a guard; in a test: #require", in: everywhere),
        BannedCall(["fatalError"], instead: trap, in: everywhere),
        BannedCall(
            ["@", "testable"], instead: "declare what the test needs as package", in: everywhere),
        BannedCall(
            ["nonisolated", "(", "unsafe"], instead: "guard the state with a Mutex",
            in: everywhere),
        BannedCall(["Mutex", "<", "@"], instead: lock, in: everywhere),
        BannedCall(["Mutex", "<", "(", "@"], instead: lock, in: everywhere),
        BannedCall(
            ["Task", ".", "detached"], instead: "give the task an owner who awaits or cancels it",
            in: shipped),

        BannedCall(["print", "("], instead: "return it; only the program prints", in: libraries),
        BannedCall(
            ["debugPrint", "("], instead: "return it; only the program prints", in: libraries),
        BannedCall(["NSLog"], instead: "return it; only the program prints", in: libraries),
        BannedCall(["exit", "("], instead: "throw; only the program exits", in: libraries),
        BannedCall(["abort", "("], instead: trap, in: libraries),

        BannedCall(["ContinuousClock"], instead: ticks, in: [.pure]),
        BannedCall(["SuspendingClock"], instead: ticks, in: [.pure]),
        BannedCall(["DispatchTime"], instead: ticks, in: [.pure]),
        BannedCall(["clock_gettime"], instead: ticks, in: [.pure]),
        BannedCall(["gettimeofday"], instead: ticks, in: [.pure]),
        BannedCall(["Task"], instead: tasks, in: [.pure]),
        BannedCall(["await"], instead: tasks, in: [.pure]),
        BannedCall(["async"], instead: tasks, in: [.pure]),
        BannedCall(
            ["SystemRandomNumberGenerator"], instead: "use a generator that is handed in",
            in: [.pure]),
        BannedCall(
            ["SystemRandomNumberGenerator"], instead: "use a seeded generator and show its seed",
            in: [.tests]),
    ]

    private init(_ pattern: [String], instead: String, in areas: Set<Area>) {
        self.init(pattern: pattern, instead: instead, areas: areas)
    }

    static func findings(in file: SwiftFile) -> [Finding] {
        let calls = Dictionary(
            grouping: all.filter { $0.areas.contains(file.area) }, by: \.pattern[0])
        var findings: [Finding] = []
        for (index, token) in file.tokens.enumerated() {
            for call in calls[token.text] ?? [] where call.matches(file.tokens, at: index) {
                let message = "\(call.pattern.joined()) is banned: \(call.instead)"
                findings.append(Finding(file.path, line: token.line, message))
            }
        }
        return findings
    }

    private func matches(_ tokens: [Token], at index: Int) -> Bool {
        let end = index + pattern.count
        guard end <= tokens.count, tokens[index..<end].map(\.text) == pattern else { return false }
        // `try !isEmpty` is no `try!`.
        if pattern.last == "!", !tokens[end - 1].isAdjacent { return false }
        // A member or a function of our own may have the same name.
        return index == 0 || ![".", "func"].contains(tokens[index - 1].text)
    }
}
