import FikaChat
import FikaCRDT
import FikaLog
import FikaStore

// Whether what a store shows is what follows from what it holds.
extension DiskStore {
    package func audit() throws -> [String] {
        var findings = try use { try $0.verify() }.problems.map(\.description)
        let personal = try ops(
            of: Hashes.derivedLogID(
                LogPreimage(workspace: workspace, kind: .personal, users: [user])))
        let relays = try trustedRelays()
        for log in try allLogs() {
            let ops = try ops(of: log)
            let introduced = Set(ops.filter { $0.op.id.dot.seq == 1 }.map(\.op.id.dot.replica))
            // Who left holds the end of a log; the model knows people by ops alone, not by cards.
            guard ops.allSatisfy({ introduced.contains($0.op.id.dot.replica) }) else { continue }
            let model = ReferenceModel.result(
                of: ModelInput(
                    log: log, ops: ops, trustedRelays: relays, viewer: user,
                    personal: personal))
            findings += try differences(of: log, from: model).map { "\(log), \($0)" }
        }
        return findings
    }

    private func trustedRelays() throws -> Set<PublicKey> {
        try use { store in
            try store.read { db in
                let query = try HotStatement(db, "SELECT value FROM meta WHERE key = 'relays'")
                guard try query.next() else { return [] }
                defer { query.reset() }
                let bytes = query.bytes(0)
                return Set(
                    stride(from: 0, to: bytes.count, by: 32).compactMap {
                        PublicKey(bytes: bytes[$0...].prefix(32))
                    })
            }
        }
    }

    /// What the views show otherwise than the model does.
    private func differences(of log: LogID, from model: ModelResult) throws -> [String] {
        try use { store in
            try store.read { db in
                let queries = ViewQueries(db)
                let state = try queries.state(of: log)
                let unread = try queries.unreadRows(in: log, limit: .max)
                var found: [String] = []
                func compare<Value: Equatable>(_ name: String, _ shown: Value, _ expected: Value) {
                    if shown != expected { found.append("\(name): \(shown) is not \(expected)") }
                }
                compare("kind", state.kind, model.state.kind)
                compare("name", state.name, model.state.name)
                compare("members", state.members, model.state.members)
                compare("row ids", state.rows.map(\.id), model.state.rows.map(\.id))
                for (shown, expected) in zip(state.rows, model.state.rows) {
                    compare("row", shown, expected)
                }
                compare(
                    "newest page", try queries.page(of: log, .newest, limit: 5).map(\.row.id),
                    model.state.rows.suffix(5).map(\.id))
                compare("unread", unread.map(\.row.id), model.unread)
                compare("unread count", try queries.unread(in: log).rows, model.unread.count)
                compare(
                    "late above", try queries.lateAbove(in: log, limit: .max).map(\.row.id),
                    model.lateAbove)
                compare("flags", try queries.flags(of: log), model.flags)
                return found
            }
        }
    }
}
