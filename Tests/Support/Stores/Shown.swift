package import FikaSimulation
package import FikaCRDT
package import FikaChat
package import FikaStore

/// All that is shown of one log, for comparing stores with each other and with the model.
package struct Shown: Hashable, Sendable {
    package var state: LogState
    package var unread: [Dot]
    package var mentions: [Dot]
    package var lateAbove: [Dot]
    package var flags: Set<LogFlag.Name>
    package var isReadOnly: Bool

    package init(_ result: ModelResult) {
        state = result.state
        unread = result.unread
        mentions = result.mentions
        lateAbove = result.lateAbove
        flags = result.flags
        isReadOnly = result.isReadOnly
    }

    package init(_ log: LogID, in test: TestStore) throws {
        self = try test.store.read { try Shown(log, ViewQueries($0)) }
    }

    package init(_ log: LogID, _ queries: ViewQueries) throws {
        let rows = try queries.unreadRows(in: log, limit: .max)
        state = try queries.state(of: log)
        unread = rows.map(\.row.id)
        mentions = rows.filter(\.mentionsViewer).map(\.row.id)
        lateAbove = try queries.lateAbove(in: log, limit: .max).map(\.row.id)
        flags = try queries.flags(of: log)
        isReadOnly = try queries.isReadOnly(log)
    }

    /// Says in lines what is otherwise; empty when all is equal.
    package func differences(from other: Shown) -> [String] {
        var found: [String] = []
        func compare<Value: Equatable>(_ name: String, _ value: (Shown) -> Value) {
            let (left, right) = (value(self), value(other))
            if left != right { found.append("\(name): \(left) is not \(right)") }
        }
        compare("kind") { $0.state.kind }
        compare("name") { $0.state.name }
        compare("about") { $0.state.about }
        compare("members") { $0.state.members }
        compare("row ids") { $0.state.rows.map(\.id) }
        for (left, right) in zip(state.rows, other.state.rows) where left != right {
            found.append("row: \(left) is not \(right)")
        }
        compare("unread") { $0.unread }
        compare("mentions") { $0.mentions }
        compare("late above") { $0.lateAbove }
        compare("flags") { $0.flags }
        compare("read-only") { $0.isReadOnly }
        return found
    }

    /// The texts of messages, imported lines and polls in the order of rows; nil for a stub.
    package var texts: [String?] {
        state.rows.compactMap { row -> String?? in
            switch row.content {
            case .message(let text, _, _), .imported(_, let text): .some(text)
            case .poll(let poll): .some(poll.question)
            case .deleted: .some(nil)
            case .system: nil
            }
        }
    }
}
