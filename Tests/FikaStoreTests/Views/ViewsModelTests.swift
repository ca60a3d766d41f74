import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog
import FikaStore
import FikaTestSupport
import Testing

/// The views against the reference model, over random histories and the golden scenarios.
struct ViewsModelTests {
    /// What both sides say of a log.
    private struct Picture: Equatable {
        var state: LogState
        var unread: [Dot]
        var unreadCount: Int
        var mentions: [Dot]
        var mentionCount: Int
        var lateAbove: [Dot]
        var flags: Set<LogFlag.Name>
        /// Of ops that were set aside or are unsupported.
        var outcomes: [Dot: ModelOutcome]
        var unjudged: Set<Dot> = []
        var isReadOnly: Bool
    }

    private func picture(_ result: ModelResult) -> Picture {
        Picture(
            state: result.state, unread: result.unread, unreadCount: result.unread.count,
            mentions: result.mentions, mentionCount: result.mentions.count,
            lateAbove: result.lateAbove, flags: result.flags,
            outcomes: result.outcomes.compactMapValues { outcome in
                switch outcome {
                case .silent, .counts, .alias: nil
                case .waiting, .ignored: nil
                case .unsupported, .setAside: outcome
                }
            },
            isReadOnly: result.isReadOnly)
    }

    private func picture(_ bench: ViewsBench, _ log: LogID) throws -> Picture {
        try bench.read { queries in
            let unread = try queries.unreadRows(in: log, limit: .max)
            let counts = try queries.unread(in: log)
            return Picture(
                state: try queries.state(of: log), unread: unread.map(\.row.id),
                unreadCount: counts.rows,
                mentions: unread.filter(\.mentionsViewer).map(\.row.id),
                mentionCount: counts.mentions,
                lateAbove: try queries.lateAbove(in: log, limit: .max).map(\.row.id),
                flags: try queries.flags(of: log), outcomes: try outcomes(bench, log, queries),
                unjudged: unjudged(bench.source.ops(of: log).map(\.op)),
                isReadOnly: try queries.isReadOnly(log))
        }
    }

    private func unjudged(_ ops: [Op]) -> Set<Dot> {
        let erased = Set(ops.filter { $0.body == nil }.flatMap { [$0.id.dot, $0.origin?.dot] })
        return Set(
            ops.filter { erased.contains($0.id.dot) || $0.target.map(erased.contains) == true }
                .map(\.id.dot))
    }

    private func outcomes(
        _ bench: ViewsBench, _ log: LogID, _ queries: ViewQueries
    ) throws -> [Dot: ModelOutcome] {
        var outcomes: [Dot: ModelOutcome] = [:]
        for op in bench.source.ops(of: log) {
            switch try queries.outcome(of: log, op.op.id.dot)?.outcome {
            case .waiting, .ignored: break
            case .unsupported: outcomes[op.op.id.dot] = .unsupported
            case .setAside: outcomes[op.op.id.dot] = .setAside
            case nil: break
            }
        }
        return outcomes
    }

    private func differences(_ left: Picture, _ right: Picture) -> [String] {
        var found: [String] = []
        func compare<Value: Equatable>(_ name: String, _ value: (Picture) -> Value) {
            let (first, second) = (value(left), value(right))
            if first != second { found.append("\(name): \(first) is not \(second)") }
        }
        compare("kind") { $0.state.kind }
        compare("name") { $0.state.name }
        compare("about") { $0.state.about }
        compare("members") { $0.state.members }
        compare("row ids") { $0.state.rows.map(\.id) }
        for (first, second) in zip(left.state.rows, right.state.rows) where first != second {
            found.append("row: \(first)\nis not \(second)")
        }
        compare("unread") { $0.unread }
        compare("unread count") { $0.unreadCount }
        compare("mentions") { $0.mentions }
        compare("mention count") { $0.mentionCount }
        compare("late above") { $0.lateAbove }
        compare("flags") { $0.flags }
        // What an erased op, or one aimed at an erased poll, was judged by is not known any more.
        for dot in Set(left.outcomes.keys).union(right.outcomes.keys).sorted()
        where left.outcomes[dot] != right.outcomes[dot] && !left.unjudged.contains(dot) {
            let (first, second) = (left.outcomes[dot], right.outcomes[dot])
            found.append("outcome of \(dot): \(first as Any) is not \(second as Any)")
        }
        compare("read-only") { $0.isReadOnly }
        return found
    }

    private func check(
        _ bench: ViewsBench, _ history: History, _ comment: Comment, isLast: Bool = true
    ) throws -> Bool {
        let held = bench.source.ops(of: history.log) + bench.source.ops(of: history.personalLog)
        let expected = picture(ReferenceModel.result(of: history.input(of: held)))
        var shown = try picture(bench, history.log)
        if !isLast { shown.unjudged = Set(held.map(\.op.id.dot)) }
        let found = differences(shown, expected)
        #expect(found.isEmpty, "\(comment): \(found.joined(separator: "\n"))")
        return found.isEmpty
    }

    private func run(_ history: History, seed: UInt64, checksEach: Bool) throws -> Bool {
        let bench = try ViewsBench(
            viewer: history.viewer, trustedRelays: history.trustedRelays)
        let deliveries = history.deliveries(seed: seed)
        for (index, delivery) in deliveries.enumerated() {
            try bench.take(delivery.ops, acceptances: delivery.acceptances)
            if checksEach,
                try !check(bench, history, "seed \(seed), delivery \(index)", isLast: false)
            {
                return false
            }
        }
        guard try check(bench, history, "seed \(seed)") else { return false }
        try bench.rebuild()
        return try check(bench, history, "seed \(seed), rebuilt")
    }

    @Test func `random histories are shown as the model shows them, in any order`() throws {
        for seed in Seeds(1, count: 200) {
            let history = HistoryGenerator.history(seed: seed)
            guard try run(history, seed: seed, checksEach: false) else { return }
        }
    }

    @Test func `histories that reach a store are shown as the model shows them`() throws {
        for seed in Seeds(1, count: 110) {
            let history = HistoryGenerator.history(seed: seed, isVerifiable: true)
            guard try run(history, seed: seed, checksEach: false) else { return }
        }
    }

    @Test func `random histories are shown as the model shows them after each delivery`() throws {
        for seed in Seeds(1, count: 40) {
            let history = HistoryGenerator.history(seed: seed &+ 1000)
            guard try run(history, seed: seed, checksEach: true) else { return }
        }
    }

    @Test func `the golden scenarios hold in the views`() throws {
        for seed: UInt64 in 1...2 {
            for scenario in GoldenScenarios.all(seed: seed) {
                #expect(try run(scenario.history, seed: seed, checksEach: true), "\(scenario.name)")
            }
        }
    }
}
