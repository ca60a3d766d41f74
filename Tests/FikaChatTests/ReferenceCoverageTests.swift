import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog
import FikaTestSupport
import Testing

/// A generator that never reaches a rule proves nothing of it.
@Suite struct ReferenceCoverageTests {
    /// How often a thing came up.
    private struct Tally {
        var counts: [String: Int] = [:]

        mutating func note(_ what: String, _ count: Int = 1) {
            counts[what, default: 0] += count
        }
    }

    @Test func `300 seeds reach every kind and every rule's outcomes`() {
        var tally = Tally()
        for seed in UInt64(1)...300 {
            note(HistoryGenerator.history(seed: seed), seed: seed, in: &tally)
        }
        for what in expected {
            #expect(tally.counts[what, default: 0] > 0, "\(what)")
        }
    }

    private func note(_ history: History, seed: UInt64, in tally: inout Tally) {
        let result = ReferenceModel.result(of: history.input)
        for held in history.ops {
            let kind = ChatKind(held.op.kind).map { "\($0)" } ?? "unknown"
            let outcome = result.outcomes[held.op.id.dot].map(\.rawValue) ?? "lost"
            tally.note("\(kind) \(outcome)")
            if held.op.origin != nil { tally.note("copy \(outcome)") }
        }
        for held in history.personal {
            tally.note("personal \(ChatKind(held.op.kind).map { "\($0)" } ?? "unknown")")
        }
        noteMeetings(history, result, in: &tally)
        note(result, history, in: &tally)
        noteChanges(history, result, seed: seed, in: &tally)
    }

    private func note(_ result: ModelResult, _ history: History, in tally: inout Tally) {
        tally.note("log \(result.state.kind)")
        tally.note("unread", result.unread.count)
        tally.note("mention", result.mentions.count)
        tally.note("late above", result.lateAbove.count)
        tally.note("flag", result.flags.count)
        for reason in result.refusals.values { tally.note("refused \(reason)") }
        for dot in result.ineffective {
            tally.note(
                history.ops.contains { $0.op.id.dot == dot && $0.op.kind == ChatKind.grant.kind }
                    ? "grant without effect" : "revoke without effect")
        }
        if result.isReadOnly { tally.note("read only") }
        if result.state.members.isEmpty { tally.note("archived") }
        let dots = Set(history.ops.map(\.op.id.dot))
        for row in result.state.rows {
            if row.isEdited { tally.note("edited row") }
            if row.pin != nil { tally.note("pinned row") }
            if row.reactions.contains(where: { $0.users.count > 1 }) {
                tally.note("joint reaction")
            }
            if result.outcomes[row.id] != .counts, dots.contains(row.id) {
                tally.note("row at a refused origin")
            }
            note(row, in: &tally)
        }
    }

    private func note(_ row: TimelineRow, in tally: inout Tally) {
        switch row.content {
        case .message(_, _, let reply):
            if reply != nil { tally.note("reply") }
        case .imported:
            tally.note("imported row")
        case .deleted:
            if case .imported = row.author { tally.note("deleted import") }
            tally.note("deleted row")
        case .poll(let poll):
            tally.note(poll.allowsMultiple ? "multiple poll" : "single poll")
            for line in poll.options {
                if case .added = line.option { tally.note("added option") }
                tally.note("vote shown", line.voters.count)
            }
        case .system(let event):
            tally.note("system " + ("\(event)".split(separator: "(").first.map(String.init) ?? ""))
        }
    }

    /// Ops of one kind by several replicas that count and act on one thing.
    private func noteMeetings(_ history: History, _ result: ModelResult, in tally: inout Tally) {
        var writers: [String: Set<ReplicaID>] = [:]
        for held in history.ops where result.outcomes[held.op.id.dot] == .counts {
            guard let kind = ChatKind(held.op.kind) else { continue }
            let target = held.op.target.map { "\($0)" } ?? ""
            writers["\(kind) \(target)", default: []].insert(held.op.id.dot.replica)
        }
        for (what, replicas) in writers where replicas.count > 1 {
            tally.note("meeting \(what.prefix { $0 != " " })")
        }
    }

    /// What an op was on the way, and became in the end.
    private func noteChanges(
        _ history: History, _ result: ModelResult, seed: UInt64, in tally: inout Tally
    ) {
        let deliveries = history.deliveries(seed: seed)
        var changes: Set<String> = []
        for part in 1...3 {
            let some = deliveries.prefix(deliveries.count * part / 4)
            let early = ReferenceModel.result(of: history.input(after: some))
            for (dot, outcome) in early.outcomes {
                guard let late = result.outcomes[dot], late != outcome else { continue }
                changes.insert("\(outcome) became \(late)")
            }
            let rows = Dictionary(grouping: early.state.rows, by: \.id)
            for row in result.state.rows where rows[row.id].map({ $0 != [row] }) ?? false {
                changes.insert("row changed")
            }
        }
        for change in changes { tally.note(change) }
    }

    private var expected: [String] {
        let judged: [ChatKind] = [
            .create, .grant, .revoke, .leave, .close, .name, .about, .message, .edit, .delete,
            .reaction, .pin, .unpin, .poll, .pollQuestion, .pollSetting, .optionAdd, .optionText,
            .optionRemove, .vote, .importRun, .imported,
        ]
        let aimed: [ChatKind] = [
            .revoke, .edit, .delete, .reaction, .pin, .unpin, .pollQuestion, .pollSetting,
            .optionAdd, .optionText, .optionRemove, .vote,
        ]
        let meeting: [ChatKind] = [
            .edit, .delete, .reaction, .pin, .unpin, .pollQuestion, .pollSetting, .optionAdd,
            .optionText, .optionRemove, .vote, .name, .about, .grant, .imported, .revoke,
        ]
        return judged.flatMap { ["\($0) counts", "\($0) ignored"] }
            + aimed.map { "\($0) waiting" }
            + meeting.map { "meeting \($0)" }
            + CloseReason.allCases.map { "refused \($0)" }
            + ["log privateChat", "log directory"]
            + RoomKind.allCases.map { "log \(LogKind.room($0))" }
            + results + changes
    }

    private var results: [String] {
        [
            "void silent", "introduction silent", "unknown unsupported", "message setAside",
            "imported alias", "imported waiting", "message alias", "copy counts", "copy alias",
            "copy waiting", "copy ignored", "copy setAside", "row at a refused origin",
            "personal readMark", "personal flag", "personal message", "flag ignored",
            "readMark ignored", "flag", "grant without effect", "revoke without effect", "unread",
            "mention", "late above", "read only",
            "archived", "edited row", "deleted row", "deleted import", "imported row",
            "pinned row", "joint reaction", "reply", "single poll", "multiple poll",
            "added option", "vote shown", "system created", "system granted", "system revoked",
            "system left", "system named", "system about",
        ]
    }

    private var changes: [String] {
        [
            "waiting became counts", "waiting became alias", "waiting became ignored",
            "waiting became setAside", "counts became alias", "counts became ignored",
            "counts became setAside", "ignored became counts", "alias became counts",
            "row changed",
        ]
    }
}
