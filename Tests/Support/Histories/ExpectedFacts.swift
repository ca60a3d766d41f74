package import FikaSimulation
package import FikaChat
package import FikaCRDT
package import FikaLog

/// What a golden scenario says must be shown; nil says nothing.
package struct ExpectedFacts: Sendable {
    /// The messages and polls' questions in the order of rows; nil for a deleted stub.
    package var texts: [String?]?
    /// How many stand behind each emoji of a row.
    package var reactions: [Dot: [String: Int]] = [:]
    package var pinned: Set<Dot>?
    package var unread: [Dot]?
    package var lateAbove: [Dot]?
    package var polls: [Dot: [Line]] = [:]
    package var members: [UserID]?
    package var kind: LogKind?
    package var outcomes: [Dot: ModelOutcome] = [:]
    package var refusals: [Dot: CloseReason]?

    /// One line of a poll and how many votes it shows.
    package struct Line: Hashable, Sendable {
        package let text: String
        package let votes: Int
    }

    /// Says in words what is otherwise in a result; empty when all is as expected.
    package func mismatches(in result: ModelResult) -> [String] {
        let pinnedRows = Set(result.state.rows.filter { $0.pin != nil }.map(\.id))
        var found: [String] = []
        func compare<Value: Equatable>(_ name: String, _ expected: Value?, _ actual: Value) {
            guard let expected, expected != actual else { return }
            found.append("\(name): expected \(expected), is \(actual)")
        }
        compare("texts", texts, Self.texts(of: result.state))
        compare("pinned", pinned, pinnedRows)
        compare("unread", unread, result.unread)
        compare("late above", lateAbove, result.lateAbove)
        compare("members", members, result.state.members.map(\.user))
        compare("kind", kind, result.state.kind)
        compare("refusals", refusals, result.refusals)
        for dot in outcomes.keys.sorted() {
            compare("outcome of \(dot)", outcomes[dot], result.outcomes[dot] ?? .waiting)
        }
        for id in reactions.keys.sorted() {
            let shown = result.state.rows.first { $0.id == id }?.reactions ?? []
            let counts = Dictionary(
                uniqueKeysWithValues: shown.map { ($0.emoji, $0.users.count) })
            compare("reactions to \(id)", reactions[id], counts)
        }
        for id in polls.keys.sorted() {
            compare("poll \(id)", polls[id], Self.lines(of: id, in: result.state))
        }
        return found
    }

    private static func texts(of state: LogState) -> [String?] {
        state.rows.compactMap { row -> String?? in
            switch row.content {
            case .message(let text, _, _), .imported(_, let text): .some(text)
            case .poll(let poll): .some(poll.question)
            case .deleted: .some(nil)
            case .system: nil
            }
        }
    }

    private static func lines(of id: Dot, in state: LogState) -> [Line] {
        for row in state.rows where row.id == id {
            guard case .poll(let poll) = row.content else { continue }
            return poll.options.map { Line(text: $0.text, votes: $0.voters.count) }
        }
        return []
    }
}
